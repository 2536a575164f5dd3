"""How long leads stood in each rung: the stays of equal length counted by the database, a query a rung."""

from datetime import datetime
from itertools import pairwise

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, Value, When

from assay.domain.funnel import chain
from assay.domain.survival import Stay, Time, time_in
from assay.records.models import Pass
from assay.records.period import Period
from assay.records.slices import EVERYTHING, Slice
from assay.records.stays import length


def times(period: Period, among: Slice = EVERYTHING, *, accept_is_sql: bool, flow: bool = False) -> tuple[Time, ...]:
    """The time in each rung from lead on, up to the period's ``now``.

    By cohort of the passes of leads captured in the period, by flow of those that came to the rung in it. A stay begins
    when the pass first came to the rung; where the next rung was skipped, or sales sent it back and it came again, it
    ends when the pass came past it.
    """
    rungs = pairwise(chain(accept_is_sql=accept_is_sql)[1:])
    return tuple(_time(here, after, period, among, flow) for here, after in rungs)


def _time(here: str, after: str, period: Period, among: Slice, flow: bool) -> Time:
    came = Pass.objects.filter(among.passes(), period.holds(f"{here}_at" if flow else "captured_at"))
    rows = stays(came, here, after, period.now)
    return time_in(here, [Stay(*row) for row in rows])


def stays(
    passes: QuerySet[Pass], here: str, after: str, now: datetime
) -> "QuerySet[Pass, tuple[float, int, int, int]]":
    """The stays of these passes in a rung: seconds, and how many went on, fell out and wait after as long."""
    went_on = Q(**{f"{after}_at__lte": now})
    left = Q(left_at__lte=now) & ~went_on
    end = Case(
        When(went_on, then=F(f"{after}_at")),
        When(left_at__lte=now, then=F("left_at")),
        default=Value(now),
        output_field=DateTimeField(),
    )
    return (
        passes.filter(**{f"{here}_at__lte": now})
        .order_by()
        .annotate(seconds=length(f"{here}_at", end))
        .values("seconds")
        .annotate(on=Count("pk", filter=went_on), out=Count("pk", filter=left))
        .annotate(waiting=Count("pk") - F("on") - F("out"))
        .values_list("seconds", "on", "out", "waiting")
    )
