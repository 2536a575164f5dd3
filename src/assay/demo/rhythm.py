"""When things happen: a span of time in which some hours are busier than others."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


class Rhythm:
    """Places moments between ``start`` and ``end`` by their share of the activity that ``weight`` gives by local hour.

    A weight of 1 in opening hours and 0 elsewhere makes its hours working hours, and nothing fall on a weekend.
    """

    def __init__(self, start: datetime, end: datetime, zone: ZoneInfo, weight: Callable[[datetime], float]) -> None:
        self._edges = [start.astimezone(UTC)]
        while self._edges[-1] < end:
            # Full hours of UTC: a local day may have 23 or 25 of them.
            hour = self._edges[-1].replace(minute=0, second=0, microsecond=0)
            self._edges.append(min(hour + HOUR, end.astimezone(UTC)))
        self._locals = [edge.astimezone(zone) for edge in self._edges[:-1]]
        spans = [(later - earlier) / HOUR for earlier, later in pairwise(self._edges)]
        self._weights = [weight(local) * span for local, span in zip(self._locals, spans, strict=True)]
        self._sums = list(accumulate(self._weights, initial=0.0))

    @property
    def total(self) -> float:
        """The hours of the span, each times its weight."""
        return self._sums[-1]

    def at(self, share: float) -> datetime:
        """The moment, to the second, by which this share of the activity has passed; ``share`` is from 0 to below 1."""
        passed = share * self.total
        if not 0 <= passed < self.total:
            raise ValueError(f"A share of {share} lies outside the span.")
        hour = bisect_right(self._sums, passed) - 1
        part = (passed - self._sums[hour]) / self._weights[hour]
        moment = self._edges[hour] + part * (self._edges[hour + 1] - self._edges[hour])
        return moment.replace(microsecond=0)

    def share(self, moment: datetime) -> float:
        """The share of the activity that has passed by a moment of the span."""
        hour = min(bisect_right(self._edges, moment), len(self._weights)) - 1
        part = (moment - self._edges[hour]) / (self._edges[hour + 1] - self._edges[hour])
        return (self._sums[hour] + part * self._weights[hour]) / self.total

    def after(self, moment: datetime, hours: float) -> datetime:
        """The moment so many weighted hours later. Raises ValueError beyond the end."""
        return self.at(self.share(moment) + hours / self.total)

    def before(self, moment: datetime, hours: float) -> datetime:
        """The moment so many weighted hours earlier, or the first there is."""
        return self.at(max(0.0, self.share(moment) - hours / self.total))

    def by_day(self) -> dict[date, float]:
        """The weight of each local day, in order."""
        days = dict.fromkeys((local.date() for local in self._locals), 0.0)
        for local, weight in zip(self._locals, self._weights, strict=True):
            days[local.date()] += weight
        return days
