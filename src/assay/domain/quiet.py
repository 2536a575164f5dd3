"""When somebody wants to be left alone, and when they want their digest: both by the clock of where they are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK_DAYS = 7
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the day to another, over midnight where that is the earlier one, and whole days: 0 is Monday.

    Both times are None where no part of a day is quiet.
    """

    start: time | None = None
    end: time | None = None
    days: frozenset[int] = frozenset()

    def holds(self, at: datetime) -> bool:
        """Whether it is quiet at a local time."""
        if at.weekday() in self.days:
            return True
        if self.start is None or self.end is None or self.start == self.end:
            return False
        clock = at.time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def quiet_until(quiet: Quiet, zone: ZoneInfo, now: datetime) -> datetime:
    """When a message may go: ``now`` where it is not quiet, else the moment at which it no longer is, in UTC."""
    at = now.astimezone(UTC)
    for _ in range(3 * WEEK_DAYS):  # ends and midnights by turns; whoever is always quiet is not kept waiting for ever
        local = at.astimezone(zone)
        if not quiet.holds(local):
            return at
        at = _next_end(quiet, local, zone)
    return now.astimezone(UTC)


def _next_end(quiet: Quiet, local: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which it may stop being quiet: a midnight, or the end of the quiet hours."""
    today, tomorrow = local.date(), local.date() + DAY
    if today.weekday() in quiet.days or quiet.end is None:
        return _moment(tomorrow, time.min, zone)
    end = _moment(today, quiet.end, zone)
    if end <= local.astimezone(UTC):
        # When clocks go back the same time comes twice in a day.
        again = datetime.combine(today, quiet.end, zone).replace(fold=1).astimezone(UTC)
        end = again if again > local.astimezone(UTC) else _moment(tomorrow, time.min, zone)
    return end


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


class Rhythm(StrEnum):
    """How often a digest comes; a weekly one comes on Mondays."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


PERIOD = {Rhythm.DAILY: DAY, Rhythm.WEEKLY: WEEK_DAYS * DAY}

LATE = timedelta(hours=12)
"""A digest that could not be made for so long is left out; the next one tells of its time too."""


class DueDigest(NamedTuple):
    """The day a digest is of, and when it was due (UTC)."""

    day: date
    at: datetime


def due_digest(rhythm: Rhythm, hour: int, zone: ZoneInfo, now: datetime) -> DueDigest | None:
    """The last digest that was due by ``now``; None where it is none, or too late for it."""
    if rhythm is Rhythm.OFF:
        return None
    day = now.astimezone(zone).date()
    if _moment(day, time(hour), zone) > now:
        day -= DAY
    at = _moment(day, time(hour), zone)
    on_its_day = rhythm is Rhythm.DAILY or day.weekday() == MONDAY
    return DueDigest(day, at) if on_its_day and now - at <= LATE else None


def zone_named(name: str) -> ZoneInfo:
    """Where somebody is; UTC while they say nothing, as the pages have it."""
    return ZoneInfo(name or "UTC")
