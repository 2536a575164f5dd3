"""Opening hours: the spans in which a policy's clocks run, as moments in time.

A moment lies in them when the clock on the wall, in the policy's zone, reads within the hours of its weekday, on a
day that is neither a public holiday nor a closing day. So a span over which clocks go forward is shorter by what was
skipped, and where they go back the repeated hour is open twice.
"""

import warnings
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import get_args
from zoneinfo import ZoneInfo

from assay.domain.policy_sections import Clocks, Weekday

Moment = timedelta
"""Time since 1970 in UTC: exact to the microsecond, and never compared by what a wall clock shows."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class OpeningHours:
    """Weekly hours of a checked policy, without public holidays and closing days."""

    def __init__(self, clocks: Clocks, zone: ZoneInfo) -> None:
        self._zone, self._closed, self._holidays = zone, frozenset(clocks.closed), clocks.holidays
        self._week = [[_span(text) for text in clocks.hours.get(day, ())] for day in get_args(Weekday)]

    def spans(self, start: Moment, end: Moment) -> Iterator[tuple[Moment, Moment]]:
        """When it opens and closes from ``start`` to ``end``, in order."""
        for first, last, offset in _stretches(self._zone, start, end):
            for number in range((first + offset).days, (last + offset).days + 1):
                midnight = timedelta(days=number) - offset
                for begins, ends in self._hours(EPOCH.date() + timedelta(days=number)):
                    opens, closes = max(first, midnight + begins), min(last, midnight + ends)
                    if opens < closes:
                        yield opens, closes

    def _hours(self, day: date) -> list[tuple[timedelta, timedelta]]:
        hours = self._week[day.weekday()]
        return [] if not hours or day in self._closed or day in _public_holidays(self._holidays, day.year) else hours


def _span(text: str) -> tuple[timedelta, timedelta]:
    """Begin and end of ``09:00-18:00``, counted from midnight."""
    begins, ends = (_time(part) for part in text.split("-"))
    return begins, ends


def _time(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _stretches(zone: ZoneInfo, start: Moment, end: Moment) -> Iterator[tuple[Moment, Moment, timedelta]]:
    """From, until and the wall clock's offset, for each stretch in which the offset stays.

    A zone does not tell when it changes, so each day is looked at; no zone has changed twice in one since 1970.
    """
    first, day, offset = start, start, _offset(zone, start)
    while day < end:
        if _offset(zone, day + DAY) != offset:
            change = _change(zone, day, offset)
            yield first, change, offset
            first, offset = change, _offset(zone, change)
        day += DAY
    yield first, end, offset


def _change(zone: ZoneInfo, day: Moment, offset: timedelta) -> Moment:
    """The second within a day from which the wall clock no longer has this offset."""
    seconds = range(int(DAY.total_seconds()))
    changed = bisect_left(seconds, True, key=lambda second: _offset(zone, day + timedelta(seconds=second)) != offset)
    return day + timedelta(seconds=changed)


def _offset(zone: ZoneInfo, at: Moment) -> timedelta:
    return (EPOCH + at).astimezone(zone).utcoffset() or timedelta(0)


@lru_cache(maxsize=1024)
def _public_holidays(code: str, year: int) -> frozenset[date]:
    """The public holidays of a country (``FR``) or a part of one (``DE-BY``) in a year."""
    import holidays  # Here, because it loads slowly and most commands read no clock.

    country, _, part = code.partition("-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A few calendars warn about years of which they know only the fixed days.
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
