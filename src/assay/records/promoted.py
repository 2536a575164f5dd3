"""Promotions with all that was known at the time: those that ended, and those of leads that are still open."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery

from assay.domain.features import Known, Promotion, features
from assay.domain.ladder import OPEN_SALES, Rung
from assay.domain.outcomes import ENDS
from assay.domain.policy import Policy
from assay.records.evidence import Promoted, decided
from assay.records.gate import AT_THE_GATE
from assay.records.models import Decision, Lead, LearnedModel, Pass, PolicyVersion

NEWEST = 20_000
"""Outcomes that are learned from, the newest: older ones were made under older habits."""
OPEN_RUNGS = (*AT_THE_GATE, *(str(rung) for rung in sorted(OPEN_SALES)))
"""Where a lead stands that may still be won."""


class Ended(NamedTuple):
    """An accepted lead whose story has ended: when, whether it was won, and what was known when it was promoted."""

    at: datetime
    won: bool
    known: dict[str, Known]


def ended(rule: Policy, now: datetime, since: datetime | None = None) -> list[Ended]:
    """Accepted leads whose story ended by ``now``, and after ``since``, in the order in which it did. Two queries.

    That order, not that of their promotion: at any time one knows those that have ended.
    """
    found = _ended(now)
    if since:
        found = found.filter(ended_at__gt=since)
    read, rows = _reader(rule), found.order_by("-ended_at", "-pk")
    told = [
        Ended(ended_at, ending == "win", read(promotion))
        for ended_at, ending, *promotion in rows.values_list("ended_at", "ending", *COLUMNS)[:NEWEST].iterator()
    ]
    return told[::-1]


def count_ended(now: datetime) -> int:
    """How many there are. One query."""
    return _ended(now).count()


def _ended(now: datetime) -> "QuerySet[Any]":
    later = Decision.objects.filter(lead=OuterRef("lead"), pk__gt=OuterRef("pk"), at__lte=now, move__in=ENDS)
    found = decided(Promoted(now)).filter(verdict="accept", ending__isnull=False)
    return _described(found.annotate(ended_at=Subquery(later.order_by("pk").values("at")[:1])))


def waiting(model: LearnedModel, after: int, most: int) -> list[int]:
    """Open leads with a higher number than ``after`` that this model has not predicted as they stand. One query."""
    found = Lead.objects.filter(rung__in=OPEN_RUNGS, pk__gt=after)
    current = found.filter(prediction__model=model, prediction__pass_no=F("pass_no"))
    return list(found.exclude(pk__in=current.values("pk")).order_by("pk").values_list("pk", flat=True)[:most])


class Open(NamedTuple):
    """An open lead, the pass it is on, and what was known when that pass was promoted."""

    lead: int
    pass_no: int
    known: dict[str, Known]


def open_leads(rule: Policy, lead_ids: Iterable[int]) -> list[Open]:
    """These leads; those that nothing promoted, or without a score, are left out. Two queries."""
    came = Decision.objects.filter(
        lead__in=list(lead_ids), pass_no=F("lead__pass_no"), from_rung=Rung.LEAD, to_rung__in=AT_THE_GATE
    )
    read = _reader(rule)
    rows = _described(came).filter(score__isnull=False).order_by("pk").values_list("lead", "pass_no", *COLUMNS)
    found = {lead: Open(lead, pass_no, read(promotion)) for lead, pass_no, *promotion in rows.iterator()}
    return list(found.values())


COLUMNS = (
    *("score", "policy", "at", "began_at", "pass_no", "desk"),
    *("lead__source__name", "lead__campaign__name"),
)


def _described(found: "QuerySet[Any]") -> "QuerySet[Any]":
    its_pass = Pass.objects.filter(lead=OuterRef("lead"), number=OuterRef("pass_no"))
    described: QuerySet[Any] = found.annotate(began_at=Subquery(its_pass.values("lead_at")[:1]))
    return described


def _reader(rule: Policy) -> Callable[[Sequence[Any]], dict[str, Known]]:
    """What reads a promotion, by the version it was made under. One query."""
    versions = {row.pk: row.policy for row in PolicyVersion.objects.all()}

    def read(row: Sequence[Any]) -> dict[str, Known]:
        score, version, *rest = row
        return features(Promotion(score, versions[version], *rest), rule)

    return read
