"""What was spent in a period: of a cost that reaches beyond it, its share by days."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from assay.records.models import Spend
from assay.records.period import Period
from assay.records.slices import Slice


def spent(period: Period, among: Slice) -> dict[str, Decimal] | None:
    """Amounts by currency; None where costs cannot be told apart by what is picked."""
    picked = among.visits()
    if picked is None:
        return None
    first, last = _days(period)
    found: dict[str, Decimal] = defaultdict(Decimal)
    costs = Spend.objects.filter(picked, last__gte=first, first__lte=last)
    within = Q(first__gte=first, last__lte=last)
    for currency, amount in costs.filter(within).order_by().values_list("currency").annotate(Sum("amount")):
        found[currency] += amount
    for cost in costs.exclude(within):
        days = (min(cost.last, last) - max(cost.first, first)).days + 1
        found[cost.currency] += round(cost.amount * days / ((cost.last - cost.first).days + 1), 2)
    return dict(found)


def _days(period: Period) -> tuple[date, date]:
    """The first and the last day of a period, today at most."""
    first = period.start.astimezone(period.zone).date() if period.start else date.min
    today = period.now.astimezone(period.zone).date()
    end = period.end.astimezone(period.zone).date() - timedelta(days=1) if period.end else today
    return first, min(end, today)
