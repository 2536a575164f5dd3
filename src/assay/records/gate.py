"""What was decided about leads at the gate: what sent each there, and who returned it before."""

from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from assay.domain.ladder import GATE, Rung
from assay.records.models import Decision, Lead

AT_THE_GATE = tuple(str(rung) for rung in sorted(GATE))


def promotions(lead_ids: Iterable[int]) -> Mapping[int, Decision]:
    """The decision by which each lead came to the gate: the last one that took it from lead to MQL or PQL."""
    came = _without_score().filter(lead__in=list(lead_ids), from_rung=Rung.LEAD, to_rung__in=AT_THE_GATE)
    return {decision.lead_id: decision for decision in came.order_by("pk")}


def last_verdict(lead: Lead) -> Decision | None:
    """The last decision that took a lead from the gate, with how hot the lead was then as ``temperature``."""
    left = _without_score().filter(lead=lead, from_rung__in=AT_THE_GATE, by__isnull=False)
    return left.annotate(temperature=KT("score__temperature")).order_by("-pk").first()


def promoted_at() -> Subquery:
    """When a lead last came to the gate on its current pass, as a column of the lead."""
    came = Decision.objects.filter(lead=OuterRef("pk"), pass_no=OuterRef("pass_no"))
    came = came.filter(from_rung=Rung.LEAD, to_rung__in=AT_THE_GATE)
    return Subquery(came.order_by("-pk").values("at")[:1])


def last_rejection(lead: Lead) -> Decision | None:
    """The last time sales returned this lead."""
    return _without_score().filter(lead=lead, move="reject").order_by("-pk").first()


def last_decision() -> int:
    """The number of the newest entry of the ledger; 0 while there is none."""
    return Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def come_since(decision_id: int, most: int) -> int:
    """How many leads came to the gate after this entry of the ledger and still wait there; ``most`` at most."""
    came = Decision.objects.filter(pk__gt=decision_id, from_rung=Rung.LEAD, to_rung__in=AT_THE_GATE)
    return came.filter(lead__rung__in=AT_THE_GATE).values("lead").distinct()[:most].count()


def gone_since(decision_id: int, most: int) -> int:
    """How many leads that waited at the gate at this entry of the ledger do not any more; ``most`` at most."""
    since = Decision.objects.filter(pk__gt=decision_id)
    came = since.filter(to_rung__in=AT_THE_GATE).exclude(from_rung__in=AT_THE_GATE)
    left = since.filter(from_rung__in=AT_THE_GATE).exclude(to_rung__in=AT_THE_GATE)
    return left.exclude(lead__in=came.values("lead")).values("lead").distinct()[:most].count()


def _without_score() -> QuerySet[Decision]:
    """Decisions without the parts of the score they were made on: those are the bulk of a row."""
    return Decision.objects.defer("score")
