"""The journeys of deals that were won or lost: which sources touched the people of each, in order of time.

The people of a deal are the lead it was opened with and everybody of its company. A touch is the day on which one of
them came from a source: by entering as a lead, with a signal that tells where it came from (domain.channels), or with
one that came in by a key of a source of its own. Touches count up to the opening of the deal: what follows is the work
of sales, and its proposals and calls would otherwise take the credit of what brought the people.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from assay.domain.attribution import Journey
from assay.domain.channels import campaign_of_visit, click_marks, source_of_visit
from assay.records.decisions import Outcome
from assay.records.funnel import Period
from assay.records.models import Deal, Lead, Signal
from assay.records.quality import By
from assay.records.slices import EVERYTHING, Slice
from assay.records.worth import deals

NO_CAMPAIGN = ""
TELLS = ("utm_source", "referrer", "entry_referrer", "landing")
"""What of a signal may say where it came from."""
OF_A_KEY = ("key__source_of_visit", "key__source__name", "key__campaign__name")


@dataclass(frozen=True, slots=True)
class Touch:
    """Somebody came from a source; ``campaign`` is "" where none is named."""

    at: datetime
    person_id: int
    source: str
    campaign: str


def journeys(period: Period, by: By = "source", among: Slice = EVERYTHING) -> list[Journey]:
    """One for each deal that ended in the period, with what it brought; by campaign "source / campaign" is a touch.

    ``among`` picks the deals by their own leads; whoever touched the people of those counts. The number of queries is
    the same however many deals there are.
    """
    ended = _ended(period, among)
    touches = _touches(ended)
    return [_journey(deal, touches, period, by) for deal in ended]


def name(source: str, campaign: str, by: By) -> str:
    """How a touch is called."""
    return f"{source} / {campaign}" if by == "campaign" and campaign else source


def _ended(period: Period, among: Slice) -> list[Deal]:
    ended = deals(among).filter(period.holds_day("closed_on")).exclude(outcome="").select_related("lead")
    return list(ended.order_by("closed_on", "pk"))


@dataclass(frozen=True, slots=True)
class _Touches:
    """Touches by person, and people by company."""

    of: dict[int, list[Touch]]
    at: dict[int, list[int]]


def _touches(deals: Iterable[Deal]) -> _Touches:
    companies = {deal.company_id for deal in deals if deal.company_id}
    leads = {deal.lead_id for deal in deals}
    concerned = Lead.objects.filter(Q(company__in=companies) | Q(pk__in=leads))
    found, at = defaultdict[int, list[Touch]](list), defaultdict[int, list[int]](list)
    for lead in concerned.select_related("source", "campaign").defer("facts").order_by("pk"):
        if lead.company_id:
            at[lead.company_id].append(lead.person_id)
        campaign = lead.campaign.name if lead.campaign else NO_CAMPAIGN
        found[lead.person_id].append(Touch(lead.captured_at, lead.person_id, lead.source.name, campaign))
    for touch in _of_signals(concerned):
        found[touch.person_id].append(touch)
    return _Touches(found, at)


def _of_signals(concerned: QuerySet[Lead]) -> Iterator[Touch]:
    """What the signals of some leads tell, read one by one; those that cannot tell anything stay in the database."""
    tells = Q(key__source_of_visit=False)
    for said in TELLS:
        tells |= Q(**{f"properties__{said}__isnull": False})
    for mark in click_marks():
        tells |= Q(url__contains=f"{mark}=")
    theirs = Signal.objects.filter(tells, identity__person__in=concerned.values("person"), bot=False)
    columns = ("at", "identity__person", "url", "properties", *OF_A_KEY)
    for at, person, url, said, of_visit, source, campaign in theirs.values_list(*columns).order_by("pk").iterator():
        told = None if of_visit is False else source_of_visit(said, url)
        if told:
            yield Touch(at, person, told, campaign_of_visit(said))
        elif of_visit is False:
            yield Touch(at, person, source, campaign_of_visit(said) or campaign or NO_CAMPAIGN)


def _journey(deal: Deal, touches: _Touches, period: Period, by: By) -> Journey:
    opened = deal.opened_at or period.now
    people = {deal.lead.person_id, *(touches.at[deal.company_id] if deal.company_id else ())}
    own = touches.of[deal.lead.person_id][:1]  # how they entered, which always was before
    reached = [touch for person in people for touch in touches.of[person] if touch.at <= opened] or own
    won = deal.outcome == Outcome.WON
    revenue = deal.actual_value if won and deal.actual_value else Decimal(0)
    return Journey(tuple(_by_days(reached, period, by)), won, revenue, deal.currency if won else "")


def _by_days(touches: Iterable[Touch], period: Period, by: By) -> Iterator[str]:
    """The names in order of time, the same of one person on one day once."""
    seen = set()
    for touch in sorted(touches, key=lambda touch: (touch.at, touch.person_id, touch.source, touch.campaign)):
        called = name(touch.source, touch.campaign, by)
        day = touch.person_id, touch.at.astimezone(period.zone).date(), called
        if day not in seen:
            seen.add(day)
            yield called
