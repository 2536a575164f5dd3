"""Calendar days of the policy's time zone as arithmetic on microseconds, alike on every engine.

Engines bring time zone data of their own and differ; a window of days has at most a few changes of its offset.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The time of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True, slots=True)
class Window:
    """The days a pattern looks back on.

    ``offsets`` are pairs of a time and the offset that local clocks had before it, in microseconds; ``offset`` is the
    last one. ``end`` is when the day after today ends, in local microseconds: where clocks go back at midnight a
    signal may carry tomorrow's date. Days are counted back from there, and those below ``length`` lie in the window.
    """

    end: int
    length: int
    offset: int
    offsets: tuple[tuple[int, int], ...]

    @property
    def most(self) -> int:
        """The furthest that local clocks are ahead in it."""
        return max([self.offset, *(before for _, before in self.offsets)])


def window(zone: tzinfo, now: datetime, within_days: int) -> Window:
    """The window of ``within_days`` calendar days that ends with today."""
    offset = _offset(now, zone)
    today = (micros(now) + offset) // DAY
    start = now.astimezone(UTC) - timedelta(days=within_days + 3)
    days = [start + timedelta(days=day) for day in range(within_days + 3)] + [now.astimezone(UTC)]
    changes = [
        (micros(_change(before, after, zone)), _offset(before, zone))
        for before, after in pairwise(days)
        if _offset(before, zone) != _offset(after, zone)
    ]
    return Window((today + 2) * DAY, within_days + 1, offset, tuple(changes))


def _offset(at: datetime, zone: tzinfo) -> int:
    return (at.astimezone(zone).utcoffset() or timedelta()) // timedelta(microseconds=1)


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first second with the offset of ``after``."""
    low, high = micros(before) // SECOND, -(-micros(after) // SECOND)
    old = _offset(before, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(_EPOCH + timedelta(seconds=middle), zone) == old:
            low = middle
        else:
            high = middle
    return _EPOCH + timedelta(seconds=high)
