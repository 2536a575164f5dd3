"""The board: prospects on the way to a deal, then the open deals by when they should close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assay.domain.ladder import BANT
from assay.domain.policy import Policy
from assay.records import deals
from assay.records.deals import Span, Total
from assay.records.models import Deal, Lead

MOST = 30
"""Cards of a lane; the table has them all."""

TITLES: Mapping[str, str | Promise] = {
    "overdue": _("Overdue"),
    "this": _("This month"),
    "next": _("Next month"),
    "later": _("Later"),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One of budget, authority, need and timeline, and what was noted on it; "" is not confirmed."""

    point: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """A prospect, or the person behind a deal."""

    lead: Lead
    deal: Deal | None
    ticks: Sequence[Tick]
    mine: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A column. ``moves_to`` is the close date a card gets when it is put here; None where none can be."""

    name: str
    title: str | Promise
    total: Total
    cards: Sequence[Card]
    moves_to: date | None

    @property
    def hidden(self) -> int:
        """How many there are beyond the cards shown."""
        return self.total.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """The prospects and the lanes of deals."""

    prospects: Sequence[Card]
    more: bool
    lanes: Sequence[Lane]
    ended: Mapping[str, Total]
    empty: bool


def board(owner: int | None, reader: int | None, policy: Policy, now: datetime) -> Board:
    """The board of one salesperson, of everybody where None. ``reader`` may change own cards; any where None."""
    today = now.astimezone(policy.zone).date()
    spans = spans_of(today)
    totals = deals.totals(spans, owner)
    leads = list(deals.prospects(owner)[: MOST + 1])
    notes = deals.notes_of(leads)
    lanes = [
        Lane(
            span.name,
            TITLES[span.name],
            totals.get(span.name, Total(0, {})),
            [card(deal.lead, deal, reader) for deal in deals.open_deals(owner).filter(span.holds())[:MOST]],
            _last_day(span, today),
        )
        for span in spans
    ]
    candidates = [card(lead, notes.get(lead.pk), reader) for lead in leads[:MOST]]
    ended = deals.ended_since(today.replace(day=1), owner)
    shown = [lane for lane in lanes if lane.name != "overdue" or lane.total.count]
    return Board(candidates, len(leads) > MOST, shown, ended, not (leads or any(lane.total.count for lane in lanes)))


def card(lead: Lead, deal: Deal | None, reader: int | None) -> Card:
    """A lead with what was confirmed about it."""
    notes = deal.bant if deal else dict.fromkeys(BANT, "")
    ticks = [Tick(point, notes[point]) for point in BANT]
    return Card(lead, deal, ticks, reader is None or lead.owner_id == reader)


def spans_of(today: date) -> tuple[Span, ...]:
    """The columns of the board on a day. What should have closed already comes first."""
    following = month_after(today)
    later = month_after(following)
    return (
        Span("overdue", None, today),
        Span("this", today, following),
        Span("next", following, later),
        Span("later", later, None),
    )


def month_after(day: date) -> date:
    """The first day of the following month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _last_day(span: Span, today: date) -> date | None:
    if span.start is None:
        return None
    return (span.end or month_after(span.start)) - timedelta(days=1)
