"""Which clock runs for a lead now, read from the facts of its current pass."""

from datetime import datetime

from assay.domain.clock import Clock, ClockReading, read, read_close_date
from assay.domain.ladder import GATE, OPEN_SALES, Rung
from assay.domain.policy import Policy
from assay.records.models import Deal, Lead, Pass


def gate_clock(lead: Lead, promoted_at: datetime, policy: Policy, now: datetime) -> ClockReading:
    """How long a lead at the gate has waited for a decision."""
    return read(Clock.GATE, policy, lead.temperature, promoted_at, None, now)


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
