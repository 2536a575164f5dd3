"""The results the teams care for, this period against the last, and whether the difference could be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from assay.domain.phrase import Phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHANCE = 0.05
"""A difference could be chance where one as large comes about at least this often by chance alone."""

DAY = 86_400.0


class Kind(NamedTuple):
    """A result: its title, which way is better, and the test that says whether a difference could be chance."""

    title: Phrase
    more_is_better: bool
    test: Phrase


KINDS: Mapping[str, Kind] = {
    "sales_cycle": Kind(Phrase("Days from acceptance to won, median"), False, Phrase("Mann-Whitney U test")),
    "conversion": Kind(Phrase("Deals won per new lead"), True, Phrase("exact test of two Poisson rates")),
    "cost_per_deal": Kind(Phrase("Cost per deal won"), False, Phrase("exact test of two Poisson rates")),
    "return_on_spend": Kind(Phrase("Revenue per cost"), True, Phrase("score test of two compound Poisson rates")),
    "time_well_spent": Kind(
        Phrase("Sales' time on leads that came to a deal"), True, Phrase("test of two ratios, clustered by lead")
    ),
}


class Effort(NamedTuple):
    """Minutes sales spent on leads whose story has ended or that have a deal: all, and on those with a deal.

    The squares are those of the minutes of each such lead, added up.
    """

    all: float = 0.0
    well_spent: float = 0.0
    squares: float = 0.0
    squares_well_spent: float = 0.0

    @property
    def share(self) -> float | None:
        """The share well spent."""
        return self.well_spent / self.all if self.all else None

    def variance(self, share: float) -> float:
        """That of its share where the true one is this, by linearization (Cochran, Sampling Techniques, 6.4)."""
        wasted = self.squares - self.squares_well_spent
        return ((1 - share) ** 2 * self.squares_well_spent + share**2 * wasted) / self.all**2 if self.all else 0.0


@dataclass(frozen=True, slots=True)
class Achieved:
    """What a period brought. ``cycles`` are seconds from acceptance to won, each with how many deals took as long.

    ``revenue`` and ``cost`` are in one currency, None where there are several; ``squares`` are those of the values of
    the deals won, added up.
    """

    leads: int = 0
    won: int = 0
    cycles: Sequence[tuple[float, int]] = ()
    revenue: float | None = 0.0
    squares: float = 0.0
    cost: float | None = 0.0
    effort: Effort = field(default_factory=Effort)


@dataclass(frozen=True, slots=True)
class Result:
    """One result in both periods, None where it cannot be told. ``unit`` is days, share, times or a currency.

    ``p`` is the probability of a difference at least as large where there is none; None where that cannot be tested.
    """

    name: str
    now: float | None
    before: float | None
    unit: str
    p: float | None

    @property
    def chance(self) -> bool:
        """Whether the difference could be chance."""
        return self.p is None or self.p >= CHANCE

    @property
    def better(self) -> bool | None:
        """Whether it is better than before; None where it is the same, or one of them is not known."""
        if self.now is None or self.before is None or self.now == self.before:
            return None
        return (self.now > self.before) is KINDS[self.name].more_is_better

    @property
    def told(self) -> Phrase:
        """What may be said of the difference."""
        if self.now is None or self.before is None:
            return Phrase("nothing to compare with")
        if self.chance:
            return Phrase("could be chance")
        return Phrase("better") if self.better else Phrase("worse")


def results(now: Achieved, before: Achieved, currency: str) -> tuple[Result, ...]:
    """Every result of two periods, money in this currency."""
    return (
        Result("sales_cycle", _median(now.cycles), _median(before.cycles), "days", _by_rank(now.cycles, before.cycles)),
        Result(
            "conversion",
            _ratio(now.won, now.leads),
            _ratio(before.won, before.leads),
            "share",
            _rates(now.won, now.leads, before.won, before.leads),
        ),
        Result(
            "cost_per_deal",
            _ratio(now.cost, now.won) or None,
            _ratio(before.cost, before.won) or None,
            currency,
            _rates(now.won, now.cost, before.won, before.cost),
        ),
        Result(
            "return_on_spend",
            _ratio(now.revenue, now.cost),
            _ratio(before.revenue, before.cost),
            "times",
            _compound(now, before),
        ),
        Result("time_well_spent", now.effort.share, before.effort.share, "share", _shares(now.effort, before.effort)),
    )


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _median(cycles: Sequence[tuple[float, int]]) -> float | None:
    if not cycles:
        return None
    import numpy as np

    return float(np.median(_each(cycles))) / DAY


def _by_rank(now: Sequence[tuple[float, int]], before: Sequence[tuple[float, int]]) -> float | None:
    """Mann and Whitney's U: do the cycles of one period tend to be longer?"""
    if not now or not before:
        return None
    from scipy.stats import mannwhitneyu  # here and below, because it takes longer to load than all that is ours

    return float(mannwhitneyu(_each(now), _each(before)).pvalue)


def _each(cycles: Sequence[tuple[float, int]]) -> NDArray[np.float64]:
    import numpy as np

    seconds, deals = zip(*cycles, strict=True)
    return np.repeat(np.array(seconds, float), deals)


def _rates(won: int, of: float | None, won_before: int, of_before: float | None) -> float | None:
    """Deals won per lead, or per unit of cost.

    Were the rates equal, each deal of both periods would fall in this one with its share of the leads or of the cost
    (Przyborowski and Wilenski 1940).
    """
    if not of or not of_before or not won + won_before:
        return None
    from scipy.stats import binomtest

    return float(binomtest(won, won + won_before, of / (of + of_before)).pvalue)


def _compound(now: Achieved, before: Achieved) -> float | None:
    """Revenue per cost: the same as of the rates, each deal with its value.

    Given the deals, the revenue of this period would have the mean share * sum and the variance
    share * (1 - share) * sum of squares; taken as normal.
    """
    squares = now.squares + before.squares
    if not now.cost or not before.cost or now.revenue is None or before.revenue is None or not squares:
        return None
    share = now.cost / (now.cost + before.cost)
    return _two_sided((now.revenue - share * (now.revenue + before.revenue)) / sqrt(share * (1 - share) * squares))


def _shares(now: Effort, before: Effort) -> float | None:
    """Shares of time: a lead's touches go together, so that leads are what varies.

    By how much is reckoned with the share of both periods together: of a few leads that were all worth it, their own
    share would say that nothing varies.
    """
    if now.share is None or before.share is None:
        return None
    both = (now.well_spent + before.well_spent) / (now.all + before.all)
    variance = now.variance(both) + before.variance(both)
    if not variance:
        return None
    return _two_sided((now.share - before.share) / sqrt(variance))


def _two_sided(deviations: float) -> float:
    from scipy.stats import norm

    return float(2 * norm.sf(abs(deviations)))
