"""What was spent in a period."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from assay.records.models import Spend
from assay.records.period import Period

Whose = tuple[int, int | None]
"""Source and campaign."""


def spent(period: Period, picked: Q | None = None) -> Iterator[tuple[Whose, str, Decimal]]:
    """Amounts by currency on the days of the period up to today; of a cost that reaches beyond them, its share by days.

    One of a source, campaign and currency may come in parts. ``picked`` limits the rows of Spend.
    """
    first, last = _days(period)
    costs = Spend.objects.filter(picked or Q(), last__gte=first, first__lte=last).order_by()
    within = Q(first__gte=first, last__lte=last)
    rows = costs.filter(within).values_list("source", "campaign", "currency")
    for source, campaign, currency, amount in rows.annotate(Sum("amount")):
        yield (source, campaign), currency, amount
    for cost in costs.exclude(within):
        days = (min(cost.last, last) - max(cost.first, first)).days + 1
        part = cost.amount * days / ((cost.last - cost.first).days + 1)
        yield (cost.source_id, cost.campaign_id), cost.currency, round(part, 2)


def _days(period: Period) -> tuple[date, date]:
    """The first and the last day of a period, today at most."""
    first = period.start.astimezone(period.zone).date() if period.start else date.min
    today = period.now.astimezone(period.zone).date()
    last = period.end.astimezone(period.zone).date() - timedelta(days=1) if period.end else today
    return first, min(last, today)
