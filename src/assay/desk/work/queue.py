"""What a salesperson owes whom next, the most urgent first: accepted leads by clock, as now, today and later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assay.desk.telling import told
from assay.domain.clock import Clock, ClockReading, ClockState
from assay.domain.labels import next_step
from assay.domain.ladder import BANT, Rung, Stage, stage
from assay.domain.policy import Policy
from assay.records.accepted import Accepted, accepted
from assay.records.clocks import sales_clock
from assay.records.models import Deal, Lead

MOST = 40
"""Leads that are shown: nobody works down more of them in a day."""

OWED: dict[Clock, str | Promise] = {
    Clock.FIRST_RESPONSE: _("first response"),
    Clock.FOLLOW_UP: _("follow-up"),
    Clock.CLOSE_DATE: _("close date passed"),
}
STAGES: dict[Stage, str | Promise] = {
    Stage.LEAD: _("not reached yet"),
    Stage.PROSPECT: _("prospect"),
    Stage.OPPORTUNITY: _("opportunity"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One lead to work on."""

    lead: Lead
    deal: Deal | None
    stage: str | Promise
    step: str | Promise
    owed: str | Promise
    clock: ClockReading


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are due at about the same time."""

    name: str
    title: str | Promise
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Queue:
    """The groups with anything in them, how many rows they hold, and whether some had to be left out."""

    groups: Sequence[Group]
    count: int
    more: bool


def queue(owner: int | None, policy: Policy, now: datetime) -> Queue:
    """What one salesperson owes next; everybody's where None."""
    found = accepted(owner, policy, now, MOST + 1)
    rows = [row for entry in found[:MOST] if (row := _row(entry, policy, now))]
    rows.sort(key=lambda row: (row.clock.state is not ClockState.BREACHED, row.clock.due_at, row.lead.pk))
    tonight = (now.astimezone(policy.zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    sorted_out: dict[str, list[Row]] = {"now": [], "today": [], "later": []}
    for row in rows:
        sorted_out[_when(row.clock, tonight)].append(row)
    titles = {"now": _("Now"), "today": _("Today"), "later": _("Later")}
    groups = [Group(name, titles[name], rows) for name, rows in sorted_out.items() if rows]
    return Queue(groups, len(rows), len(found) > MOST)


def _when(clock: ClockReading, tonight: datetime) -> str:
    """Now is what is late or soon will be, today what is due before the day is over."""
    if clock.state is ClockState.BREACHED:
        return "now"
    if clock.due_at >= tonight:
        return "later"
    return "now" if clock.state is ClockState.DUE_SOON else "today"


def _row(entry: Accepted, policy: Policy, now: datetime) -> Row | None:
    lead, current, deal = entry.lead, entry.current, entry.deal
    clock = sales_clock(lead, current, deal, entry.touched_at, policy, now, entry.raised_at)
    if clock is None:
        return None
    contacted = current.contacted_at is not None
    qualified = deal is not None and all(deal.bant[point] for point in BANT)
    opened = deal is not None and deal.opened_at is not None
    reached = stage(Rung(lead.rung), contacted=contacted, qualified=qualified, deal=opened)
    return Row(lead, deal if opened else None, STAGES[reached], _step(entry, clock), OWED[clock.kind], clock)


def _step(entry: Accepted, clock: ClockReading) -> str | Promise:
    if clock.kind is Clock.CLOSE_DATE:
        return _("Win it, lose it, or agree a new date")
    if entry.raised_at and entry.touched_at:
        return _("Answer: they asked for us again")
    contacted = entry.current.contacted_at is not None
    return told(next_step(Rung(entry.lead.rung), entry.lead.temperature, contacted=contacted))
