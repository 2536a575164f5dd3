"""The days over which a draft is replayed, as arithmetic on microseconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlglot import exp

from assay.domain.policy import Policy
from assay.engine.days import DAY, Window, micros, window
from assay.engine.fold import ahead
from assay.engine.statements import term

EPOCH = date(1970, 1, 1)
WARM_UP = 30
"""Days before a period from which the draft is replayed, so that its first days are like all others."""
FEW = 16
"""Days that are looked at together at first."""


@dataclass(frozen=True)
class Period:
    """From ``first`` to ``last``, both included, days of a policy's time zone; outcomes are followed up to ``now``.

    The draft is replayed from ``opening`` on, some days before; days are counted from there.
    """

    policy: Policy
    first: date
    last: date
    now: datetime

    @property
    def opening(self) -> date:
        """The first day of the replay."""
        return self.first - timedelta(days=WARM_UP)

    @property
    def days(self) -> int:
        """How many days are replayed."""
        return (self.last - self.opening).days + 1

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it begins and when it is over."""
        first, after = (datetime.combine(day, time.min, self.policy.zone) for day in (self.first, self._after))
        return first, after

    @cached_property
    def opens(self) -> int:
        """When the replay begins, in microseconds since 1970."""
        return self.midnight(self.opening)

    @cached_property
    def start(self) -> int:
        """When its first day begins."""
        return self.midnight(self.first)

    @cached_property
    def end(self) -> int:
        """When the day after its last one begins."""
        return self.midnight(self._after)

    @cached_property
    def clock(self) -> Window:
        """How far local clocks are ahead, from as far back as a pattern may look on the first day."""
        longest = self.days + self.policy.intent.pattern.within_days + 1
        return window(self.policy.zone, datetime.combine(self.last, time.max, self.policy.zone), longest)

    def bounds(self) -> Iterator[tuple[int, int, int]]:
        """Each day of the replay by number, from 0, with when it begins and when the next one does."""
        begins = [self.midnight(self.opening + timedelta(days=day)) for day in range(self.days + 1)]
        return zip(range(self.days), begins, begins[1:], strict=False)

    def spans(self) -> Iterator[range]:
        """The days of the replay in spans, each twice as long as the one before.

        They meet where clocks do not change, so that what lies in one was before what lies in the next.
        """
        begins = [begin for _, begin, _ in self.bounds()]
        first, length = 0, FEW
        while first < self.days:
            after = min(first + length, self.days)
            while after + 1 < self.days and begins[after + 1] - begins[after - 1] != 2 * DAY:
                after += 1
            yield range(first, after)
            first, length = after, 2 * length

    def times_of(self, span: range) -> tuple[int, int]:
        """When days of the replay begin and when they are over, in microseconds, with a day to spare."""
        begins, ends = (self.midnight(self.opening + timedelta(days=day)) for day in (span.start, span.stop))
        return begins - DAY, ends + DAY

    def day(self, at: exp.Expr) -> exp.Expr:
        """The number of the day of a time; one before the replay may have any that is not above 0."""
        return term(
            "(:at + :ahead) // :length - :base", at=at, ahead=ahead(self.clock, at), length=DAY, base=self._base
        )

    def midnight(self, day: date) -> int:
        """When a day begins."""
        return micros(datetime.combine(day, time.min, self.policy.zone))

    @property
    def _after(self) -> date:
        return self.last + timedelta(days=1)

    @property
    def _base(self) -> int:
        return (self.opening - EPOCH).days
