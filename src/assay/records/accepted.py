"""The leads that sales has accepted and not finished, with the facts of their clocks. Four queries, always."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from assay.domain.clock import Clock
from assay.domain.ladder import OPEN_SALES
from assay.domain.policy import Policy
from assay.records.leads import Temperature
from assay.records.models import Deal, Lead, Pass, Signal, Touch

SHOWN = (
    *("person__name", "person__email", "person__phone", "person__title", "company__name", "company__domain"),
    *("owner__first_name", "owner__last_name", "owner__email", "rung", "temperature", "grid", "pass_no"),
)
"""What a list of accepted leads shows of each."""

ROUND_THE_CLOCK = 4
"""Hours of a week for each working hour of it: which leads come first is only chosen by this, never shown."""


class Accepted(NamedTuple):
    """An accepted lead, the current pass, its deal if any, the last human touch, and a hand raised since then."""

    lead: Lead
    current: Pass
    deal: Deal | None
    touched_at: datetime | None
    raised_at: datetime | None


def accepted(owner: int | None, policy: Policy, now: datetime, most: int) -> list[Accepted]:
    """The accepted leads of one salesperson (of everybody where None), those first whose clocks end first.

    At most ``most`` of them. Of the lead, its person, its company and its owner SHOWN is loaded.
    """
    return with_facts(_urgent(owner, policy, now.astimezone(policy.zone).date())[:most], policy, now)


def with_facts(found: QuerySet[Lead], policy: Policy, now: datetime) -> list[Accepted]:
    """Leads, each with :func:`last_touch` as ``touched_at``, and the facts of their clocks."""
    leads = list(found)
    here = Q(lead__in=leads, lead__pass_no=F("number"))
    passes = {current.lead_id: current for current in Pass.objects.filter(here)}
    deals = {deal.lead_id: deal for deal in Deal.objects.filter(lead__in=leads, pass_no=F("lead__pass_no"))}
    raised = hands_raised(leads, policy, now)
    return [
        Accepted(
            lead,
            current := passes[lead.pk],
            deals.get(lead.pk),
            touched := getattr(lead, "touched_at", None),
            unanswered(raised.get(lead.person_id, ()), current.lead_at, touched),
        )
        for lead in leads
    ]


def hands_raised(leads: Sequence[Lead], policy: Policy, now: datetime) -> Mapping[int, list[datetime]]:
    """When each person asked for us, oldest first, by person."""
    kinds = [kind for kind, signal in policy.intent.signals.items() if signal.hand_raise]
    people = [lead.person_id for lead in leads]
    asked = Signal.objects.filter(identity__person__in=people, kind__in=kinds, bot=False, at__lte=now).order_by("at")
    raised: dict[int, list[datetime]] = defaultdict(list)
    for person, at in asked.values_list("identity__person", "at"):
        raised[person].append(at)
    return raised


def unanswered(raised: Sequence[datetime], start: datetime, touched: datetime | None) -> datetime | None:
    """The first hand raised from the start of the pass on and after our last touch; None where there was none."""
    return next((at for at in raised if at >= start and (touched is None or at > touched)), None)


def last_touch() -> Subquery:
    """When we last did something to a lead on its current pass, automatic mail aside."""
    of_this_pass = Touch.objects.filter(lead=OuterRef("pk"), pass_no=OuterRef("pass_no"), automatic=False)
    return Subquery(of_this_pass.order_by().values("lead").annotate(at=Max("at")).values("at"))


def _urgent(owner: int | None, policy: Policy, today: date) -> QuerySet[Lead]:
    leads = Lead.objects.filter(rung__in=sorted(OPEN_SALES)).select_related("person", "company", "owner")
    leads = leads.only(*SHOWN)
    if owner is not None:
        leads = leads.filter(owner=owner)
    started = Pass.objects.filter(lead=OuterRef("pk"), number=OuterRef("pass_no")).values("sal_at")[:1]
    over = Deal.objects.filter(lead=OuterRef("pk"), pass_no=OuterRef("pass_no"), outcome="", close_date__lt=today)
    return leads.annotate(
        touched_at=last_touch(),
        since=Coalesce(F("touched_at"), Subquery(started)),
        ends=Case(When(Exists(over), then=Value(datetime.min.replace(tzinfo=UTC, year=2000))), default=_due(policy)),
    ).order_by("ends", "pk")


def _due(policy: Policy) -> "ExpressionWrapper[CombinedExpression]":
    """About when the clock of a lead ends."""
    targets = [
        When(touched_at__isnull=untouched, temperature=temperature, then=_target(policy, clock, temperature))
        for clock, untouched in ((Clock.FIRST_RESPONSE, True), (Clock.FOLLOW_UP, False))
        for temperature in Temperature
    ]
    allowed = Case(*targets, output_field=DurationField())
    return ExpressionWrapper(F("since") + allowed, output_field=DateTimeField())


def _target(policy: Policy, clock: Clock, temperature: Temperature) -> Value:
    hours: timedelta = getattr(getattr(policy.clocks, clock), temperature)
    return Value(hours * ROUND_THE_CLOCK, output_field=DurationField())
