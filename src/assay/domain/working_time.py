"""Working time: how much of it lies between two moments, and when a given amount of it will have passed.

It is counted once a year of the calendar and then looked up. Durations are real time, whatever a wall clock shows.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assay.domain.errors import BadInput
from assay.domain.opening_hours import EPOCH, Moment, OpeningHours
from assay.domain.policy import Policy
from assay.domain.policy_sections import Clocks

END = datetime(2100, 1, 1, tzinfo=UTC)
"""Working time is counted from 1970 until here; moments outside count as the nearer end. So a date that means
*never*, such as 0001-01-01 or 9999-12-31, costs no walk through centuries of which no calendar is known."""

NOTHING = timedelta(0)


class _Year(NamedTuple):
    """The opening spans of a year, in order. ``total[n]`` is the working time in the first n of them."""

    opens: list[Moment]
    closes: list[Moment]
    total: list[timedelta]

    def before(self, at: Moment) -> timedelta:
        """The year's working time before a moment."""
        begun = bisect_right(self.opens, at)
        return self.total[begun] - max(NOTHING, self.closes[begun - 1] - at) if begun else NOTHING

    def moment(self, worked: timedelta) -> Moment:
        """The first moment with this much of the year's working time before it: more than none, at most all."""
        begun = bisect_left(self.total, worked)
        return self.closes[begun - 1] - (self.total[begun] - worked)

    def is_open(self, at: Moment) -> bool:
        begun = bisect_right(self.opens, at)
        return begun > 0 and at < self.closes[begun - 1]


class WorkingTime:
    """The working time of a policy's clocks in a zone. A year is counted when first asked for, then kept."""

    def __init__(self, clocks: Clocks, zone: ZoneInfo) -> None:
        self._hours = OpeningHours(clocks, zone)
        self._years: dict[int, _Year] = {}

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from ``start`` to ``end``; negative when ``end`` comes first."""
        first, last = _moment(start), _moment(end)
        if last < first:
            return -self.between(end, start)
        begins, ends = _year_of(first), _year_of(last)
        whole = sum((self._year(year).total[-1] for year in range(begins, ends)), NOTHING)
        return whole + self._year(ends).before(last) - self._year(begins).before(first)

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment (in UTC) by which this much working time has passed since ``start``.

        With no working time that is ``start`` itself. Raises BadInput when the hours do not hold that much.
        """
        begin = _moment(start)
        if working <= NOTHING:
            return EPOCH + begin
        left = working + self._year(_year_of(begin)).before(begin)
        for year in range(_year_of(begin), END.year):
            counted = self._year(year)
            if left <= counted.total[-1]:
                return EPOCH + counted.moment(left)
            left -= counted.total[-1]
        raise BadInput(
            "clock_never_due",
            f"There are no {working / timedelta(hours=1):g} h of working time before {END.year}.",
            "Give the clock a shorter target, or list more hours under clocks.hours.",
        )

    def is_open(self, at: datetime) -> bool:
        """Whether a moment is working time; the end of a span no longer is."""
        moment = _moment(at)
        return self._year(_year_of(moment)).is_open(moment)

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            self._years[year] = self._counted(year)
        return self._years[year]

    def _counted(self, year: int) -> _Year:
        counted = _Year([], [], [NOTHING])
        for opens, closes in self._hours.spans(_new_year(year), _new_year(year + 1)):
            counted.opens.append(opens)
            counted.closes.append(closes)
            counted.total.append(counted.total[-1] + (closes - opens))
        return counted


def working_time(policy: Policy) -> WorkingTime:
    """The working time of a policy. Those that agree on hours and zone share one, with the years it has counted."""
    hours = policy.clocks.model_dump_json(include={"hours", "holidays", "closed"})
    return _shared(_Key(hours, policy.zone, policy.clocks))


@dataclass(frozen=True, slots=True)
class _Key:
    """What tells the working times of two policies apart: the text of their hours, and the zone."""

    hours: str
    zone: ZoneInfo
    clocks: Clocks = field(compare=False)


@lru_cache(maxsize=64)
def _shared(key: _Key) -> WorkingTime:
    return WorkingTime(key.clocks, key.zone)


def _moment(at: datetime) -> Moment:
    return min(max(at - EPOCH, NOTHING), END - EPOCH)


def _year_of(moment: Moment) -> int:
    return (EPOCH + moment).year


def _new_year(year: int) -> Moment:
    return datetime(year, 1, 1, tzinfo=UTC) - EPOCH
