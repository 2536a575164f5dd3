"""How many new visitors came, from where and in which month."""

from collections import Counter
from typing import Any

from django.db.models import F, Sum

from assay.records.models import VisitCount
from assay.records.period import Period
from assay.records.slices import Dimension, Slice

OF_VISITS = {"source": "source__name", "campaign": "campaign__name", "month": "day"}


def visitors(period: Period, by: Dimension | None, among: Slice) -> dict[str, int] | None:
    """Visitors by each value of ``by``; None where they cannot be told apart by it, or by what is picked."""
    picked = among.visits()
    if picked is None or (by and by not in OF_VISITS):
        return None
    visits = VisitCount.objects.filter(picked, period.holds_day("day"))
    if not by:
        return {"": visits.aggregate(visitors=Sum("visitors"))["visitors"] or 0}
    found: Counter[str] = Counter()
    for row in visits.order_by().values(segment=F(OF_VISITS[by])).annotate(sum=Sum("visitors")):
        found[_name(row["segment"], by)] += row["sum"]
    return dict(found)


def _name(segment: Any, by: Dimension) -> str:  # noqa: ANN401 - a day or a name
    return f"{segment:%Y-%m}" if by == "month" else segment or ""
