"""What the open pipeline will probably bring: each open lead and deal by how those before it fared from its rung on.

Drawn many times with a fixed seed, so that the same pipeline has the same forecast: first the shares that went on
(Beta posteriors of a Beta(1, 1) prior, as in domain.funnel), then for each lead and deal whether it is won. The range
therefore holds what will happen, not only the mean of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import add
from typing import TYPE_CHECKING

from assay.domain.funnel import FEW, TAIL
from assay.domain.what_if import SEED, Estimate
from assay.domain.worth import Worth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]

DRAWS = 4_000
"""Fewer than what-if takes, because each open deal is drawn for itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many are open on the rung of a step, and how those fared that have left it: on, or out of the funnel."""

    step: str
    open: int
    went_on: int
    left: int


@dataclass(frozen=True, slots=True)
class Offers:
    """The open deals in one currency: the largest by value, and how many others there are, of what mean value."""

    currency: str
    values: Sequence[float]
    others: int = 0
    mean: float = 0.0

    @property
    def number(self) -> int:
        """All of them."""
        return len(self.values) + self.others

    @property
    def value(self) -> float:
        """What all of them are worth."""
        return sum(self.values) + self.others * self.mean


@dataclass(frozen=True, slots=True)
class Expected:
    """What comes of a rung: how many are open there, the probability that one is won, and the deals won of them.

    ``few``: so few have left one of the rungs ahead that the probability is hardly known.
    """

    step: str
    open: int
    chance: Estimate
    deals: Estimate
    few: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """Deals that will be won of what is open, their revenue by currency, and where they come from.

    Open deals count with their own value, leads without one with what won deals brought so far; as long as none was
    won, leads add no revenue.
    """

    deals: Estimate
    revenue: Mapping[str, Estimate]
    rungs: tuple[Expected, ...]


def forecast(standings: Sequence[Standing], offers: Sequence[Offers], worths: Sequence[Worth]) -> Forecast:
    """The forecast of the rungs in order, the last of them that of open deals; ``offers`` are those deals."""
    import numpy as np

    random = np.random.default_rng(SEED)
    rates = [random.beta(1 + one.went_on, 1 + one.left, DRAWS) for one in standings]
    chances = [np.prod(rates[place:], axis=0) for place in range(len(rates))]
    means = [prod(_mean(one) for one in standings[place:]) for place in range(len(standings))]
    won = [random.binomial(one.open, chance) for one, chance in zip(standings[:-1], chances, strict=False)]
    closed = {one.currency: _closed(random, one, rates[-1]) for one in offers}
    won.append(_sum(deals for deals, _ in closed.values()))
    expected = [one.open * mean for one, mean in zip(standings, means, strict=True)]
    few = [min(one.went_on + one.left for one in standings[place:]) < FEW for place in range(len(standings))]
    return Forecast(
        _estimate(sum(expected), _sum(won)),
        _revenue(random, closed, {one.currency: one.value * means[-1] for one in offers}, won[:-1], expected, worths),
        tuple(
            Expected(one.step, one.open, _estimate(mean, chance), _estimate(mean * one.open, deals), little)
            for one, mean, chance, deals, little in zip(standings, means, chances, won, few, strict=True)
        ),
    )


def _closed(random: np.random.Generator, offers: Offers, rate: Draws) -> tuple[Draws, Draws]:
    """How many of these deals are won, and what those bring."""
    import numpy as np

    wins = random.random((DRAWS, len(offers.values))) < rate[:, None]  # nosec B311 - a forecast is no secret
    others = random.binomial(offers.others, rate)
    return wins.sum(axis=1) + others, wins @ np.array(offers.values, float) + others * offers.mean


def _revenue(
    random: np.random.Generator,
    closed: Mapping[str, tuple[Draws, Draws]],
    expected_of_offers: Mapping[str, float],
    won: Sequence[Draws],
    expected: Sequence[float],
    worths: Sequence[Worth],
) -> dict[str, Estimate]:
    """By currency: of open deals, and of leads that will have one, in the currencies of the deals won so far."""
    drawn = {currency: revenue for currency, (_, revenue) in closed.items()}
    value = dict(expected_of_offers)
    all_deals = sum(one.deals for one in worths)
    if all_deals:
        shares = random.dirichlet([one.deals for one in worths], DRAWS)
        split = random.multinomial(_sum(won).astype(int), shares).astype(float)
        for place, one in enumerate(worths):
            brought = _brought(random, split[:, place], one)
            drawn[one.currency] = drawn.get(one.currency, 0.0) + brought
            of_leads = sum(expected[:-1]) * one.deals / all_deals * one.mean
            value[one.currency] = value.get(one.currency, 0.0) + of_leads
    return {currency: _estimate(value[currency], revenue) for currency, revenue in sorted(drawn.items())}


def _brought(random: np.random.Generator, deals: Draws, worth: Worth) -> Draws:
    """What so many deals to come bring, each of its own value."""
    import numpy as np

    return random.normal(deals * worth.means(random, DRAWS), np.sqrt(deals) * worth.spread).clip(0)


def _mean(one: Standing) -> float:
    """The mean of the posterior."""
    return (1 + one.went_on) / (2 + one.went_on + one.left)


def _sum(some: Iterable[Draws]) -> Draws:
    import numpy as np

    return reduce(add, some, np.zeros(DRAWS))


def _estimate(value: float, drawn: Draws) -> Estimate:
    import numpy as np

    low, high = np.quantile(drawn, (TAIL, 1 - TAIL))
    return Estimate(value, float(low), float(high))
