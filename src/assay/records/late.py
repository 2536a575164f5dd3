"""Which leads have a step to take because their clock runs out.

The database finds those whose clock started in the right time; they are then read as every page reads them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from assay.domain.clock import Clock, ClockReading
from assay.domain.escalation import ORDER, Step, due_step, late_since, since, window
from assay.domain.ladder import OPEN_SALES, Rung
from assay.domain.policy import Policy
from assay.records import gate
from assay.records.accepted import last_touch, with_facts
from assay.records.clocks import gate_clock, sales_clock
from assay.records.leads import Temperature
from assay.records.models import Deal, Decision, Escalation, Lead, Pass, SignalState
from assay.records.spelled import Spelled
from assay.records.waiting import at_the_gate

CHUNK = 500
READ = ("person", "company", "owner", "rung", "temperature", "pass_no")


class Late(NamedTuple):
    """A lead whose clock has come to a step."""

    lead: Lead
    clock: ClockReading
    step: Step


def late(policy: Policy, now: datetime) -> Iterator[Late]:
    """The leads with a step to take that was not taken yet; whoever takes it looks again under lock."""
    for found, read in ((_at_the_gate(policy, now), _gate_clocks), (_in_sales(policy, now), _sales_clocks)):
        ids = list(found.values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            yield from _untaken(read(ids[start : start + CHUNK], policy, now), policy, now)


def furthest_taken(lead_ids: Sequence[int]) -> dict[tuple[int, int, str, datetime], int]:
    """How many steps are behind each clock of these leads, by lead, pass, kind and start."""
    taken: dict[tuple[int, int, str, datetime], int] = {}
    for row in Escalation.objects.filter(lead__in=lead_ids):
        key = row.lead_id, row.pass_no, row.clock, row.started_at
        taken[key] = max(taken.get(key, 0), ORDER.index(Step(row.step)) + 1)
    return taken


def is_taken(taken: dict[tuple[int, int, str, datetime], int], lead: Lead, clock: ClockReading, step: Step) -> bool:
    """Whether a step, or one that comes after it, was taken for this clock."""
    return taken.get((lead.pk, lead.pass_no, clock.kind, since(clock)), 0) > ORDER.index(step)


def _untaken(clocks: Sequence[tuple[Lead, ClockReading]], policy: Policy, now: datetime) -> Iterator[Late]:
    taken = furthest_taken([lead.pk for lead, _ in clocks])
    for lead, clock in clocks:
        due = due_step(clock, lead.temperature, policy, now)
        if due and not is_taken(taken, lead, clock, due.step):
            yield Late(lead, clock, due.step)


# --- At the gate ---------------------------------------------------------------------------------


def _at_the_gate(policy: Policy, now: datetime) -> QuerySet[Lead]:
    """A pass may come to the gate again after a rejection, so its first promotion may lie before the time."""
    started = Q(pk__in=[])
    for temperature in Temperature:
        first, last = window(Clock.GATE, temperature, policy, now)
        came = Pass.objects.filter(lead=OuterRef("pk"), number=OuterRef("pass_no"), mql_at__lte=last)
        again = Decision.objects.filter(
            lead=OuterRef("pk"), from_rung=Rung.LEAD, to_rung__in=gate.AT_THE_GATE, at__range=(first, last)
        )
        recently = Exists(came.filter(mql_at__gte=first)) | (Exists(came) & Exists(again))
        started |= Q(recently, temperature=temperature)
    return at_the_gate().filter(started)


def _gate_clocks(lead_ids: Sequence[int], policy: Policy, now: datetime) -> list[tuple[Lead, ClockReading]]:
    came = gate.promotions(lead_ids)
    leads = Lead.objects.filter(pk__in=came).only(*READ).order_by("pk")
    return [(lead, gate_clock(lead, came[lead.pk].at, policy, now)) for lead in leads]


# --- In sales ------------------------------------------------------------------------------------


def _in_sales(policy: Policy, now: datetime) -> QuerySet[Lead]:
    """Accepted, and something owed since the right time: a first touch, the next one, an answer, the end of a deal."""
    owed = Q(Exists(_past_their_date(policy, now)))
    for temperature in Temperature:
        first, last = window(Clock.FIRST_RESPONSE, temperature, policy, now)
        accepted = Pass.objects.filter(
            lead=OuterRef("pk"), number=OuterRef("pass_no"), first_touch_at=None, sal_at__range=(first, last)
        )
        asked = _asked(policy, first, last)
        touched = window(Clock.FOLLOW_UP, temperature, policy, now)
        owed |= Q(Exists(accepted) | Exists(asked), temperature=temperature)
        owed |= Q(touched_at__range=touched, temperature=temperature)
    leads = Lead.objects.filter(rung__in=[Spelled(rung) for rung in sorted(OPEN_SALES)])
    return leads.annotate(touched_at=last_touch()).filter(owed)


def _asked(policy: Policy, first: datetime, last: datetime) -> QuerySet[SignalState]:
    kinds = [kind for kind, signal in policy.intent.signals.items() if signal.hand_raise]
    states = SignalState.objects.filter(lead=OuterRef("pk"), kind__in=kinds)
    return states.filter(first__lte=last.timestamp(), last__gte=first.timestamp())


def _past_their_date(policy: Policy, now: datetime) -> QuerySet[Deal]:
    since_day, today = (at.astimezone(policy.zone).date() for at in (late_since(policy, now), now))
    of_this_pass = Deal.objects.filter(lead=OuterRef("pk"), pass_no=OuterRef("pass_no"), outcome="")
    return of_this_pass.filter(close_date__gte=since_day, close_date__lt=today)


def _sales_clocks(lead_ids: Sequence[int], policy: Policy, now: datetime) -> list[tuple[Lead, ClockReading]]:
    leads = Lead.objects.filter(pk__in=lead_ids).only(*READ).order_by("pk").annotate(touched_at=last_touch())
    found = with_facts(leads, policy, now)
    clocks = (
        (row.lead, sales_clock(row.lead, row.current, row.deal, row.touched_at, policy, now, row.raised_at))
        for row in found
    )
    return [(lead, clock) for lead, clock in clocks if clock is not None]
