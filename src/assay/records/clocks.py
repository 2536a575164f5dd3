"""Which clock runs for a lead now, and how those of its current pass went, read from the facts of that pass."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Max

from assay.domain.clock import Clock, ClockReading, read, read_close_date
from assay.domain.ladder import GATE, OPEN_SALES, Rung
from assay.domain.policy import Policy
from assay.records import gate
from assay.records.accepted import hands_raised, unanswered
from assay.records.models import Deal, Decision, Lead, Pass, Touch


def running_clock(lead: Lead, current: Pass, deal: Deal | None, policy: Policy, now: datetime) -> ClockReading | None:
    """The clock that runs for a lead now, if any: at the gate one query, after it two."""
    if is_at_the_gate(lead):
        promoted = gate.promotions([lead.pk]).get(lead.pk)
        return gate_clock(lead, promoted.at, policy, now) if promoted else None
    return _in_sales(lead, current, deal, policy, now).running


class Clocks(NamedTuple):
    """The clocks of a pass: the one that runs, and those that were stopped and how, in the order they began."""

    running: ClockReading | None = None
    stopped: tuple[ClockReading, ...] = ()


def clocks_of(
    lead: Lead, current: Pass, deal: Deal | None, promoted_at: datetime | None, policy: Policy, now: datetime
) -> Clocks:
    """All clocks of a lead at the gate or in sales; its last promotion is known. Two queries in sales, none before."""
    if is_at_the_gate(lead):
        return Clocks(gate_clock(lead, promoted_at, policy, now) if promoted_at else None)
    found = _in_sales(lead, current, deal, policy, now)
    if promoted_at is None or current.sal_at is None or found.running is None:
        return found
    decided = read(Clock.GATE, policy, current.temperature or lead.temperature, promoted_at, current.sal_at, now)
    return Clocks(found.running, (decided, *found.stopped))


def _in_sales(lead: Lead, current: Pass, deal: Deal | None, policy: Policy, now: datetime) -> Clocks:
    """What is owed an accepted lead, and how its first response went: as hot or cold as it came to the gate."""
    if lead.rung not in OPEN_SALES or current.sal_at is None:
        return Clocks()
    ours = Touch.objects.filter(lead=lead, pass_no=lead.pass_no, automatic=False)
    touched = ours.aggregate(last=Max("at"))["last"]
    raised = hands_raised([lead], policy, now).get(lead.person_id, ())
    asked = unanswered(raised, current.lead_at, touched)
    running = sales_clock(lead, current, deal, touched, policy, now, asked)
    if current.first_touch_at is None:
        return Clocks(running)
    first = min(current.sal_at, unanswered(raised, current.lead_at, None) or current.sal_at)
    then = current.temperature or lead.temperature
    return Clocks(running, (read(Clock.FIRST_RESPONSE, policy, then, first, current.first_touch_at, now),))


def gate_clock(
    lead: Lead, promoted_at: datetime, policy: Policy, now: datetime, verdict: Decision | None = None
) -> ClockReading:
    """How long a lead at the gate has waited for a decision, or had when it was decided: :func:`gate.last_verdict`."""
    if verdict is None:
        return read(Clock.GATE, policy, lead.temperature, promoted_at, None, now)
    then = getattr(verdict, "temperature", None) or lead.temperature
    return read(Clock.GATE, policy, then, promoted_at, verdict.at, now)


def sales_clock(
    lead: Lead,
    current: Pass,
    deal: Deal | None,
    last_touch_at: datetime | None,
    policy: Policy,
    now: datetime,
    raised_at: datetime | None = None,
) -> ClockReading | None:
    """What sales owes an accepted lead next: the end of its deal if that is over, a first touch, or the next one.

    ``raised_at`` is when they asked for us and nobody has answered yet.
    """
    if lead.rung not in OPEN_SALES or current.sal_at is None:
        return None
    if deal is not None and deal.close_date is not None and lead.rung == Rung.OPPORTUNITY:
        closing = read_close_date(policy, deal.close_date, deal.opened_at or current.sal_at, None, now)
        if now >= closing.due_at:
            return closing
    if raised_at is not None or last_touch_at is None:
        return read(Clock.FIRST_RESPONSE, policy, lead.temperature, raised_at or current.sal_at, None, now)
    return read(Clock.FOLLOW_UP, policy, lead.temperature, last_touch_at, None, now)


def is_at_the_gate(lead: Lead) -> bool:
    """Whether sales has yet to decide."""
    return lead.rung in GATE
