"""The counts of the funnel: one aggregate query over the passes and one over the visits, however many leads there are.

By **cohort** the leads captured in a period are followed to today, each once however many passes it took. By **flow**
every pass counts for the steps it took in the period.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from assay.domain.funnel import STEPS
from assay.records.models import Pass, VisitCount

Dimension = Literal["source", "campaign", "owner"]

_OF_LEADS: Mapping[Dimension, str] = {
    "source": "lead__source__name",
    "campaign": "lead__campaign__name",
    "owner": "lead__owner__email",
}
_OF_VISITS: Mapping[Dimension, str] = {"source": "source__name", "campaign": "campaign__name"}

Counts = dict[str, int | None]
"""How many passed each step; visitors are None where they cannot be told apart, as by owner."""


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` (included) to ``end`` (excluded); ``now`` is how far leads are followed. None is no limit."""

    now: datetime
    zone: ZoneInfo
    start: datetime | None = None
    end: datetime | None = None

    def holds(self, field: str) -> Q:
        """Whether a time lies in the period."""
        within = Q(**{f"{field}__lte": self.now})
        if self.start:
            within &= Q(**{f"{field}__gte": self.start})
        return within & Q(**{f"{field}__lt": self.end}) if self.end else within

    def holds_day(self, field: str) -> Q:
        """Whether a day of the policy's time zone lies in the period."""
        within = Q(**{f"{field}__lte": self.now.astimezone(self.zone).date()})
        if self.start:
            within &= Q(**{f"{field}__gte": self.start.astimezone(self.zone).date()})
        return within & Q(**{f"{field}__lt": self.end.astimezone(self.zone).date()}) if self.end else within


def counts(period: Period, *, flow: bool = False, by: Dimension | None = None) -> dict[str, Counts]:
    """The counts by step for each value of ``by``, a value that is not there under ""; without ``by`` all under ""."""
    found: dict[str, Counts] = defaultdict(lambda: dict.fromkeys(STEPS, 0))
    for segment, steps in _leads(period, flow, by).items():
        found[segment] |= steps
    for segment, visitors in _visitors(period, by).items():
        found[segment]["visitor"] = visitors
    if by == "owner":
        for steps in found.values():
            steps["visitor"] = None
    return dict(found) or ({} if by else {"": dict.fromkeys(STEPS, 0)})


def _leads(period: Period, flow: bool, by: Dimension | None) -> dict[str, Counts]:
    steps = STEPS[1:]
    if flow:
        passes = Pass.objects.all()
        conditions = {step: period.holds(f"{step}_at") for step in steps}
    else:
        passes = Pass.objects.filter(period.holds("lead__captured_at"))
        conditions = {step: _first_to(step, period.now) for step in steps}
    # A name of its own for each count: "lead" is a field already.
    aggregates = {f"took_{step}": Count("pk", filter=condition) for step, condition in conditions.items()}
    if by is None:
        return {"": _counts(passes.aggregate(**aggregates))}
    rows = passes.values(segment=F(_OF_LEADS[by])).annotate(**aggregates)
    return {row["segment"] or "": _counts(row) for row in rows}


def _counts(row: Mapping[str, Any]) -> Counts:
    return {step: row[f"took_{step}"] for step in STEPS[1:]}


def _first_to(step: str, now: datetime) -> Q:
    """Passes that took the step first among all passes of their lead, so that the lead counts once."""
    taken = {f"{step}_at__lte": now}
    earlier = Pass.objects.filter(lead=OuterRef("lead"), number__lt=OuterRef("number"), **taken)
    # Most leads are on their first pass, and the database then need not look for an earlier one.
    return Q(**taken) & (Q(number=1) | ~Q(Exists(earlier)))


def _visitors(period: Period, by: Dimension | None) -> dict[str, int]:
    if by == "owner":
        return {}
    visits = VisitCount.objects.filter(period.holds_day("day"))
    if not by:
        return {"": visits.aggregate(visitors=Sum("visitors"))["visitors"] or 0}
    rows = visits.values(segment=F(_OF_VISITS[by])).annotate(visitors=Sum("visitors"))
    return {row["segment"] or "": row["visitors"] for row in rows}
