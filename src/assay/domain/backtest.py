"""A draft held against history: how many it would have sent to the gate, and which of those that sales decided on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import NamedTuple

from assay.domain.evidence import SPREAD
from assay.domain.funnel import FEW, credible_interval
from assay.domain.what_if import Estimate


class Story(NamedTuple):
    """Leads at the gate whose stories are alike. Days are numbers, the first of the period is 0; None is never.

    ``in_time`` is whether the draft would have promoted them before sales decided, ``before`` whether that was before
    the period, on a day below 0. ``exploration`` is the probability of a lead that was explored.
    """

    promoted_on: int | None
    draft_on: int | None
    verdict: str | None = None
    ending: str | None = None
    in_time: bool | None = None
    exploration: float | None = None
    before: bool | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Caught:
    """Of ``all`` leads, those that the draft would have promoted before sales decided, and those only ``later``."""

    all: int = 0
    caught: int = 0
    later: int = 0

    @property
    def share(self) -> float | None:
        """The share caught."""
        return self.caught / self.all if self.all else None

    @property
    def range(self) -> tuple[float, float]:
        """Where it lies with 80 % probability; of a Beta(1, 1) prior."""
        return credible_interval(self.all, self.caught)

    @property
    def avoided(self) -> "Caught":
        """Those that it would not have sent by then."""
        return Caught(self.all, self.all - self.caught)

    @property
    def few(self) -> bool:
        """Whether they are too few to go by."""
        return self.all < FEW


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, the last week perhaps fewer: how many came to the gate, and how many the draft would have sent."""

    first: date
    days: int
    real: int
    draft: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Of those both sent: how many the draft sends on an earlier day, on the same, on a later one; and by how much.

    ``median`` is in days, below 0 where the draft is earlier; eight of ten lie between ``low`` and ``high``.
    """

    earlier: int = 0
    same: int = 0
    later: int = 0
    median: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Explored:
    """Leads that the rule only explored and the draft would send: those decided, and how many others they stand for.

    They were drawn by lot, so that the share of them that was accepted is that of all those alike.
    """

    decided: int = 0
    accepted: int = 0
    stand_for: float = 0.0


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what it rests: leads that could be promoted, those of them seen as they were before a change that is dated,
    and signals that came in more than a day after they had happened, which count from when they came in."""

    leads: int = 0
    rewound: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a draft would have done from ``first`` to ``last``. Explorations count on neither side.

    ``both`` were sent and would have been, some of them ``earlier`` than the period; ``only_real`` the draft would not
    have sent; of ``new`` nobody knows what sales would have said, nor of those it would have sent ``before``.
    """

    first: date
    last: date
    weeks: Sequence[Week]
    both: int
    earlier: int
    only_real: int
    new: int
    before: int
    accepted: Caught
    won: Caught
    rejected: Caught
    timing: Timing
    explored: Explored
    grounds: Grounds
    minutes: Estimate | None = None
    """Of sales' time a lead at the gate takes, where contacts tell."""

    @property
    def days(self) -> int:
        """How many days it is about."""
        return (self.last - self.first).days + 1

    @property
    def real(self) -> float:
        """Leads that came to the gate a week."""
        return self._weekly(self.both + self.only_real)

    @property
    def draft(self) -> float:
        """Leads that it would have sent a week."""
        return self._weekly(self.both - self.earlier + self.new)

    @property
    def change(self) -> Estimate:
        """More a week, or fewer; the range is that of chance, each lead by itself (Poisson)."""
        less = self.only_real + self.earlier
        change, spread = self.new - less, SPREAD * sqrt(self.new + less)
        return Estimate(self._weekly(change), self._weekly(change - spread), self._weekly(change + spread))

    @property
    def hours(self) -> Estimate | None:
        """Of sales' time, more a week or less."""
        if self.minutes is None or self.minutes.value is None:
            return None
        each = [minutes / 60 * (self.change.value or 0.0) for minutes in (self.minutes.low, self.minutes.high)]
        return Estimate(self.minutes.value / 60 * (self.change.value or 0.0), min(each), max(each))

    @property
    def decided(self) -> int:
        """Leads that sales decided on."""
        return self.accepted.all + self.rejected.all

    def _weekly(self, number: float) -> float:
        return number * 7 / self.days


def backtest(first: date, last: date, stories: Iterable[Story], grounds: Grounds) -> Backtest:
    """What these stories of a period add up to."""
    told = list(stories)
    ours = [story._replace(promoted_on=None) if story.exploration else story for story in told]
    ours = [story for story in ours if (story.promoted_on, story.draft_on) != (None, None)]
    both = [story for story in ours if story.promoted_on is not None and story.draft_on is not None]
    came = [story for story in ours if story.promoted_on is not None]
    new = [story for story in ours if story.promoted_on is None and not story.before]
    accepted = [story for story in came if story.verdict == "accept"]
    return Backtest(
        first,
        last,
        tuple(_weeks(first, last, ours)),
        both=_count(both),
        earlier=_count(story for story in both if story.before),
        only_real=_count(came) - _count(both),
        new=_count(new),
        before=_count(ours) - _count(came) - _count(new),
        accepted=_caught(accepted),
        won=_caught(story for story in accepted if story.ending == "win"),
        rejected=_caught(story for story in came if story.verdict == "reject"),
        timing=_timing(both),
        explored=_explored(told),
        grounds=grounds,
    )


def _count(stories: Iterable[Story]) -> int:
    return sum(story.number for story in stories)


def _caught(stories: Iterable[Story]) -> Caught:
    some = list(stories)
    caught = _count(story for story in some if story.in_time)
    return Caught(_count(some), caught, _count(story for story in some if story.draft_on is not None) - caught)


def _weeks(first: date, last: date, stories: Sequence[Story]) -> Iterable[Week]:
    days = (last - first).days + 1
    real, draft = [0] * ceil(days / 7), [0] * ceil(days / 7)
    for story in stories:
        if story.promoted_on is not None:
            real[story.promoted_on // 7] += story.number
        if story.draft_on is not None and not story.before:
            draft[story.draft_on // 7] += story.number
    for week, counts in enumerate(zip(real, draft, strict=True)):
        yield Week(first + timedelta(days=7 * week), min(7, days - 7 * week), *counts)


def _timing(both: Sequence[Story]) -> Timing:
    apart = sorted(
        ((story.draft_on or 0) - (story.promoted_on or 0), story.number) for story in both if story.draft_on is not None
    )
    if not apart:
        return Timing()
    earlier, later = (sum(n for days, n in apart if sign * days > 0) for sign in (-1, 1))
    same = sum(number for _, number in apart) - earlier - later
    return Timing(earlier, same, later, *(_at(apart, share) for share in (0.5, 0.1, 0.9)))


def _at(apart: Sequence[tuple[int, int]], share: float) -> float:
    """The days below which this share lies."""
    left = share * sum(number for _, number in apart)
    for days, number in apart:
        left -= number
        if left <= 0:
            return float(days)
    return float(apart[-1][0])


def _explored(stories: Iterable[Story]) -> Explored:
    some = [story for story in stories if story.exploration and story.in_time and story.verdict in ("accept", "reject")]
    return Explored(
        _count(some),
        _count(story for story in some if story.verdict == "accept"),
        sum(story.number * (1 / (story.exploration or 1.0) - 1) for story in some),
    )
