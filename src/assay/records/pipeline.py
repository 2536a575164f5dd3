"""The open pipeline: who stands on which rung, how those before them fared there, and the deals that are open."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db.models import Count, Q, Sum

from assay.domain.forecast import Forecast, Offers, Standing, forecast
from assay.domain.funnel import chain
from assay.records.models import Pass
from assay.records.period import Period
from assay.records.slices import EVERYTHING, Slice
from assay.records.worth import deals, worths

ALONE = 200
"""So many deals of a currency, the largest, are forecast one by one: it is they that make the range wide."""


def pipeline(period: Period, among: Slice = EVERYTHING, *, accept_is_sql: bool) -> Forecast:
    """What is open at the period's ``now``, from the gate on, and what it will probably bring.

    How many go on from a rung is learnt from those that came to it in the period and have left it since. Those still
    waiting say nothing yet. A raw lead is no pipeline: most never become one.
    """
    return forecast(standings(period, among, accept_is_sql=accept_is_sql), offers(period, among), worths(among))


def standings(period: Period, among: Slice, *, accept_is_sql: bool) -> list[Standing]:
    """Each rung from the gate on. One query."""
    rungs = list(pairwise(chain(accept_is_sql=accept_is_sql)[2:]))
    wanted = dict(_counts(rungs, period))
    found = Pass.objects.filter(among.passes(), mql_at__lte=period.now).aggregate(**wanted)
    return [Standing(here, *(found[f"{what}_{here}"] for what in ("open", "on", "out"))) for here, _ in rungs]


def _counts(rungs: Iterable[tuple[str, str]], period: Period) -> Iterator[tuple[str, Count]]:
    for here, after in rungs:
        went_on, out = Q(**{f"{after}_at__lte": period.now}), Q(left_at__lte=period.now)
        came = period.holds(f"{here}_at")
        yield f"open_{here}", Count("pk", filter=Q(**{f"{here}_at__lte": period.now}) & ~went_on & ~out)
        yield f"on_{here}", Count("pk", filter=came & went_on)
        yield f"out_{here}", Count("pk", filter=came & ~went_on & out)


def offers(period: Period, among: Slice) -> list[Offers]:
    """The deals open at the period's ``now``, by currency. A query, and one more for each currency."""
    today = period.now.astimezone(period.zone).date()
    not_ended = Q(outcome="") | Q(closed_on__gt=today)
    open_ones = deals(among).filter(not_ended, opened_at__lte=period.now)
    totals = open_ones.order_by().values_list("currency").annotate(Count("pk"), Sum("value"))
    found = []
    for currency, number, value in totals:
        rows = open_ones.filter(currency=currency).order_by("-value").values_list("value", flat=True)
        largest = [float(amount) for amount in rows[:ALONE] if amount is not None]
        others = number - len(largest)
        found.append(Offers(currency, largest, others, (float(value) - sum(largest)) / others if others else 0.0))
    return found
