"""Deals as a team looks at them: open ones by close date, prospects on the way to one, and how they ended."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When

from assay.domain.ladder import Rung
from assay.records.models import Deal, Lead, Pass

DEAL = (
    *("pass_no", "budget", "authority", "need", "timeline", "opened_at", "value", "currency", "close_date"),
    *("outcome", "closed_on", "actual_value"),
)
LEAD = (
    *("person__name", "person__email", "person__phone", "person__title", "company__name", "company__domain"),
    *("owner__first_name", "owner__last_name", "owner__email", "rung", "temperature", "grid", "pass_no"),
)
"""What lists show of a deal, and of its lead."""

Sums = dict[str, Decimal]
"""Amounts by currency."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of close dates: from ``start`` (included) to ``end`` (excluded); None is no limit."""

    name: str
    start: date | None
    end: date | None

    def holds(self) -> Q:
        """The deals that close in it."""
        start = Q(close_date__gte=self.start) if self.start else Q()
        return start & Q(close_date__lt=self.end) if self.end else start


@dataclass(slots=True)
class Total:
    """How many deals there are and what they are worth."""

    count: int
    sums: Sums


def deals(owner: int | None = None) -> QuerySet[Deal]:
    """Every deal that was opened, with all that lists show of it."""
    found = Deal.objects.filter(opened_at__isnull=False)
    found = found.select_related("lead__person", "lead__company", "lead__owner")
    found = found.only(*DEAL, *(f"lead__{name}" for name in LEAD))
    return found.filter(lead__owner=owner) if owner is not None else found


def open_deals(owner: int | None = None) -> QuerySet[Deal]:
    """Deals without an outcome, those first that close first."""
    return deals(owner).filter(outcome="").order_by("close_date", "pk")


def totals(spans: Sequence[Span], owner: int | None = None) -> Mapping[str, Total]:
    """Number and value of the open deals by the name of each span. One query."""
    return _totals(open_deals(owner).order_by(), spans, "value")


def ended_since(start: date, owner: int | None = None) -> Mapping[str, Total]:
    """Number and value of the deals won and lost since a day, by outcome. One query."""
    found = deals(owner).filter(closed_on__gte=start).exclude(outcome="")
    rows = found.order_by().values_list("outcome", "currency").annotate(Count("pk"), Sum("actual_value"))
    return _collected(rows)


def _totals(found: QuerySet[Deal], spans: Sequence[Span], value: str) -> Mapping[str, Total]:
    lanes = [When(span.holds(), then=Value(span.name)) for span in spans]
    lane = Case(*lanes, default=Value(""), output_field=CharField())
    return _collected(found.annotate(lane=lane).values_list("lane", "currency").annotate(Count("pk"), Sum(value)))


def _collected(rows: QuerySet[Deal, tuple[str, str, int, Decimal | None]]) -> Mapping[str, Total]:
    totals: dict[str, Total] = defaultdict(lambda: Total(0, {}))
    for name, currency, count, value in rows:
        totals[name].count += count
        if value is not None:
            totals[name].sums[currency] = value
    return totals


def prospects(owner: int | None = None) -> QuerySet[Lead]:
    """Accepted leads with whom a two-way contact was made and who have no deal yet, best first."""
    reached = Pass.objects.filter(contacted_at__isnull=False, number=F("lead__pass_no")).values("lead")
    found = Lead.objects.filter(rung=Rung.SQL, pk__in=reached).order_by("-total", "pk")
    found = found.select_related("person", "company", "owner").only(*LEAD)
    return found.filter(owner=owner) if owner is not None else found


def notes_of(leads: Sequence[Lead]) -> Mapping[int, Deal]:
    """What was confirmed about each lead on its current pass, by lead."""
    return {deal.lead_id: deal for deal in Deal.objects.filter(lead__in=leads, pass_no=F("lead__pass_no"))}
