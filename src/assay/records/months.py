"""Leads by the month they were captured in, where the policy is at home."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, QuerySet, Value

from assay.records.models import Pass
from assay.records.period import Period

LABEL = "%Y-%m"


class Month(NamedTuple):
    """A month, such as ``2026-10``: from ``start`` (included) to ``end`` (excluded)."""

    label: str
    start: datetime
    end: datetime


def cohorts(passes: QuerySet[Pass], period: Period, aggregates: Mapping[str, Count]) -> Iterable[Mapping[str, Any]]:
    """These counts for each month's leads, as ``segment``.

    Each month is read from the index by capture; taking the month of every time would cost more than counting.
    """
    ends = passes.aggregate(first=Min("captured_at"), last=Max("captured_at"))
    if ends["first"] is None:
        return ()
    each = [
        passes.filter(captured_at__gte=month.start, captured_at__lt=month.end)
        .order_by()
        .values(segment=Value(month.label))
        .annotate(**aggregates)
        for month in months(ends["first"].astimezone(period.zone), ends["last"])
    ]
    return each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]


def months(first: datetime, last: datetime) -> Iterator[Month]:
    """The months from one time to another, in the time zone of the first."""
    start = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    while start <= last:
        end = (start + timedelta(days=32)).replace(day=1)
        yield Month(start.strftime(LABEL), start, end)
        start = end
