"""Which sources a won deal is owed to, by five models side by side; what they share out always adds up to the whole.

A journey is the sources of a deal's touches in order of time. What each model says of it: **first** and **last** give
all to one touch; **even** (linear) the same to each; **position** 40 % to the first, 40 % to the last and the rest to
those between. **Markov** looks at all journeys at once: what share of the wins would not have come if nobody could pass
a source (its removal effect; Anderl and others, 2016), with journeys that were lost as well.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

Model = Literal["first", "last", "even", "position", "markov"]
MODELS: tuple[Model, ...] = get_args(Model)

ENDS = Fraction(2, 5)
"""What the first and the last touch get by position."""
CENT = Decimal("0.01")

Shares = dict[str, Fraction]
"""Parts of one, by source."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The sources that touched the people of a deal, the first one first; ``revenue`` is 0 where it was lost."""

    touches: tuple[str, ...]
    won: bool
    revenue: Decimal = Decimal(0)
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """What of the won deals and their revenue, by currency, one model owes to a source."""

    deals: float
    revenue: Mapping[str, Decimal]


def attribute(journeys: Sequence[Journey], model: Model) -> dict[str, Credit]:
    """The credit of each source. Deals add up to those won, revenue to the cent to what they brought."""
    won = [journey for journey in journeys if journey.won and journey.touches]
    parts = _parts(journeys, won, model)
    deals: Shares = defaultdict(Fraction)
    money: dict[str, Shares] = defaultdict(lambda: defaultdict(Fraction))
    for journey, shares in zip(won, parts, strict=True):
        for source, share in shares.items():
            deals[source] += share
            money[journey.currency][source] += share * Fraction(journey.revenue)
    cut = {currency: _in_cents(sums) for currency, sums in money.items()}
    return {
        source: Credit(float(count), {currency: sums[source] for currency, sums in cut.items() if sums.get(source)})
        for source, count in deals.items()
    }


def _parts(journeys: Sequence[Journey], won: Sequence[Journey], model: Model) -> list[Shares]:
    if model != "markov":
        return [_BY_TOUCH[model](journey.touches) for journey in won]
    # What it says is about all journeys, and so is the same for each.
    return [removal_effects(journeys)] * len(won) if won else []


def _in_cents(sums: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Amounts cut to cents; the cents left over go to those that lost most by it."""
    cut = {
        source: (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT, ROUND_DOWN)
        for source, exact in sums.items()
    }
    over = round((sum(sums.values(), Fraction(0)) - sum(map(Fraction, cut.values()), Fraction(0))) * 100)
    by_loss = sorted(sums, key=lambda source: (Fraction(cut[source]) - sums[source], source))
    return cut | {source: cut[source] + CENT for source in by_loss[:over]}


# --- Models that look at one journey -------------------------------------------------------------


def _weighed(touches: Sequence[str], weights: Sequence[Fraction]) -> Shares:
    shares: Shares = defaultdict(Fraction)
    for source, weight in zip(touches, weights, strict=True):
        shares[source] += weight
    return shares


def _first(touches: Sequence[str]) -> Shares:
    return {touches[0]: Fraction(1)}


def _last(touches: Sequence[str]) -> Shares:
    return {touches[-1]: Fraction(1)}


def _even(touches: Sequence[str]) -> Shares:
    return _weighed(touches, [Fraction(1, len(touches))] * len(touches))


def _position(touches: Sequence[str]) -> Shares:
    if len(touches) < 3:
        return _even(touches)
    between = (1 - 2 * ENDS) / (len(touches) - 2)
    return _weighed(touches, [ENDS, *[between] * (len(touches) - 2), ENDS])


_BY_TOUCH: Mapping[str, Callable[[Sequence[str]], Shares]] = {
    "first": _first,
    "last": _last,
    "even": _even,
    "position": _position,
}


# --- The model that looks at all -----------------------------------------------------------------


def removal_effects(journeys: Sequence[Journey]) -> Shares:
    """The removal effect of each source of a won journey, as parts of one.

    The chance to win without a source is that of the whole chain less the chance to come by it and win from there: all
    of them follow from one inverse, the chain's fundamental matrix.
    """
    import numpy as np  # here, because it takes its time to load

    walked = [journey for journey in journeys if journey.touches]
    sources = sorted({source for journey in walked for source in journey.touches})
    place = {source: number for number, source in enumerate(sources, start=1)}  # the start is 0
    steps, wins = np.zeros((len(sources) + 1,) * 2), np.zeros(len(sources) + 1)
    leaving = np.zeros(len(sources) + 1)
    for journey in walked:
        path = [0, *(place[source] for source in journey.touches)]
        for here, there in pairwise(path):
            steps[here, there] += 1
        wins[path[-1]] += journey.won
        for here in path:
            leaving[here] += 1
    visits = np.linalg.inv(np.eye(len(leaving)) - steps / leaving[:, None])
    winning = visits @ (wins / leaving)
    reached = visits[0] / visits.diagonal()
    effects = {source: Fraction(float(reached[number] * winning[number])) for source, number in place.items()}
    whole = sum(effects.values(), Fraction(0))
    return {source: effect / whole for source, effect in effects.items() if effect > 0}
