"""What would come of a change to the funnel: more at the top, or a leak mended; and which step is the best lever.

Today's conversions are not known but estimated. Their posteriors (Beta(1, 1) prior, domain.funnel) are drawn from many
times with a fixed seed, so that the same question always has the same answer, with the range around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

from assay.domain.errors import BadInput
from assay.domain.funnel import STEPS, TAIL, Conversion, Funnel
from assay.domain.worth import Worth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]

DRAWS = 20_000
"""Enough that the ends of the range move by less than a hundredth of it from seed to seed."""
SEED = 20_261_101
MENDED = 0.1
"""The lever mends this share of what is lost at a step."""

CALLED = {"deal": "won", "win": "won", "visit": "visitor", "opp": "opportunity", "opportunitie": "opportunity"}
_CHANGE = re.compile(r"(?P<what>[a-z_]+?)s?\s*=\s*(?P<sign>[x*+-]?)\s*(?P<number>\d+(?:[.,]\d+)?)\s*(?P<percent>%?)")


@dataclass(frozen=True, slots=True)
class Change:
    """A conversion set to a new rate, or a volume or conversion multiplied."""

    what: str
    factor: float | None = None
    rate: float | None = None
    count: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the range in which it lies with 80 % probability."""

    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Deals as they are and as they would be. ``times_today`` is None while there is no deal to compare with.

    The revenue is that of those deals in ``currency``, at what won deals brought so far; None where none was won.
    """

    today: Estimate
    then: Estimate
    times_today: float | None
    revenue_today: Estimate | None = None
    revenue_then: Estimate | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Lever:
    """A step, how many times today's deals come of mending it, and how probable it is that it is the best to mend.

    ``revenue`` is what mending it adds, at what won deals brought so far; None where none was won.
    """

    step: str
    times_today: float | None
    probability: float
    revenue: Estimate | None = None


def parse_change(text: str) -> Change:
    """A change as people write it: ``mql_to_sql=30%``, ``visitors=x2``, ``leads=500``, ``lead_to_mql=+10%``.

    Raises BadInput.
    """
    found = _CHANGE.fullmatch(text.strip().lower())
    if found is None:
        raise BadInput("bad_change", f'"{text}" is no change.', "Write such as mql_to_sql=30% or visitors=x2.")
    number, percent = float(found["number"].replace(",", ".")), bool(found["percent"])
    what, sign = CALLED.get(found["what"], found["what"]), found["sign"]
    if sign in ("+", "-"):
        if not percent:
            raise BadInput(
                "bad_change", f'"{text}" adds a number.', "Write a percentage, such as +10%, or the new value."
            )
        return Change(what, factor=max(0.0, 1 + (number if sign == "+" else -number) / 100))
    if sign:
        return Change(what, factor=number)
    if "_to_" in what:
        return Change(what, rate=number / 100 if percent or number > 1 else number)
    if percent:
        return Change(what, factor=number / 100)
    return Change(what, count=number)


def what_if(funnel: Funnel, changes: Sequence[Change], worth: Worth | None = None) -> Outcome:
    """Deals after these changes beside today's, with their revenue where ``worth`` says what a deal brings.

    A volume that is multiplied multiplies everything below it; a conversion is never over 1. Raises BadInput for a
    change this funnel cannot have.
    """
    factors = [_checked(funnel, change) for change in changes]
    names = [conversion.step for conversion in funnel.conversions]
    today = _draws(funnel.conversions)
    then = {step: drawn.copy() for step, drawn in today.items()}
    rates: dict[str, float | None] = {conversion.step: conversion.rate for conversion in funnel.conversions}
    more = 1.0
    for change, factor in zip(changes, factors, strict=True):
        if change.what not in names:
            more *= factor
        elif change.rate is not None:
            then[change.what][:] = change.rate
            rates[change.what] = change.rate
        else:
            then[change.what] = (then[change.what] * factor).clip(0, 1)
            before = rates[change.what]
            rates[change.what] = None if before is None else min(1.0, before * factor)
    visitors = float(funnel.steps["visitor"] or 1)
    point = _point(rates)
    now = _point({conversion.step: conversion.rate for conversion in funnel.conversions})
    times = more * point / now if point is not None and now else None
    won = float(funnel.steps["won"])
    then_won = won * times if times is not None else None
    drawn, then_drawn = visitors * _product(today), visitors * more * _product(then)
    deals = _estimate(won, drawn), _estimate(then_won, then_drawn)
    if worth is None:
        return Outcome(*deals, times)
    revenue = _in_money(won, drawn, worth), _in_money(then_won, then_drawn, worth)
    return Outcome(*deals, times, *revenue, worth.currency)


def needed(funnel: Funnel, deals: float, at: str = "lead") -> Estimate:
    """How many are needed at a step for so many deals, going on as today. Raises BadInput."""
    if deals <= 0:
        raise BadInput("bad_deals", f"{deals:g} deals need nobody.", "Give a number above zero.")
    share, point = _share_below(funnel, at)
    return _estimate(deals / point if point else None, deals / share)


def needed_for_revenue(funnel: Funnel, revenue: float, worth: Worth, at: str = "lead") -> Estimate:
    """How many are needed at a step for so much revenue, in the currency of ``worth``. Raises BadInput."""
    if revenue <= 0:
        raise BadInput("bad_revenue", f"A revenue of {revenue:g} needs nobody.", "Give a number above zero.")
    share, point = _share_below(funnel, at)
    # A mean near nothing is drawn where hardly a deal was won; it must not divide by nothing.
    deals = revenue / _means(worth).clip(worth.mean / 1_000)
    return _estimate(revenue / worth.mean / point if point else None, deals / share)


def levers(funnel: Funnel, mended: float = MENDED, worth: Worth | None = None) -> tuple[Lever, ...]:
    """The steps from lead upwards, the best to mend first.

    Multiplying any one conversion multiplies the deals alike, whichever it is; so what is compared is the effort of
    keeping the same share of what each step loses: at a rate r, that brings (r + share * (1 - r)) / r times the deals.
    A deal is worth the same wherever it comes from, so the step that adds most deals adds most revenue.
    """
    import numpy as np

    handling = funnel.conversions[1:]
    drawn = _draws(handling)
    times = np.stack([(rate + mended * (1 - rate)) / rate for rate in drawn.values()])
    best = np.bincount(times.argmax(axis=0), minlength=len(handling)) / times.shape[1]
    deals = funnel.steps["lead"] * _product(drawn)
    found = []
    for conversion, more, probability in zip(handling, times, best, strict=True):
        point = _mended(conversion.rate, mended)
        added = None if point is None else funnel.steps["won"] * (point - 1)
        revenue = _in_money(added, deals * (more - 1), worth) if worth else None
        found.append(Lever(conversion.step, point, float(probability), revenue))
    return tuple(sorted(found, key=lambda lever: -lever.probability))


def _in_money(value: float | None, deals: Draws, worth: Worth) -> Estimate:
    """The revenue of so many deals."""
    return _estimate(None if value is None else value * worth.mean, deals * _means(worth))


def _means(worth: Worth) -> Draws:
    """What a deal brings on average. Of a seed of its own: deals and their worth have nothing to do with each other."""
    import numpy as np

    return worth.means(np.random.default_rng(SEED + 1), DRAWS)


def _mended(rate: float | None, share: float) -> float | None:
    return (rate + share * (1 - rate)) / rate if rate else None


def _checked(funnel: Funnel, change: Change) -> float:
    """The factor of a change. Raises BadInput where the funnel has no such step, or the change makes no sense."""
    steps = {conversion.step: conversion for conversion in funnel.conversions}
    known = ", ".join([*steps, *STEPS[:-1]])
    if change.what in steps:
        rate = change.rate
        if rate is not None and not 0 <= rate <= 1:
            raise BadInput("bad_rate", f"{change.what} cannot be {rate * 100:g} %.", "A share is between 0 and 100 %.")
        return change.factor if change.factor is not None else 1.0
    if change.what not in STEPS or change.what == "won":
        raise BadInput("unknown_step", f'There is no "{change.what}" to change.', f"Change one of: {known}.")
    if change.count is None:
        return change.factor or 0.0
    if not funnel.steps[change.what]:
        raise BadInput("no_volume", f"There is no {change.what} today to compare with.", "Change another step.")
    return change.count / funnel.steps[change.what]


def _share_below(funnel: Funnel, at: str) -> tuple[Draws, float | None]:
    """The share of those at a step who are won: drawn, and as counted. Raises BadInput."""
    below = _below(funnel, at)
    return _product(_draws(below)), _point({conversion.step: conversion.rate for conversion in below})


def _below(funnel: Funnel, at: str) -> tuple[Conversion, ...]:
    for place, conversion in enumerate(funnel.conversions):
        if conversion.step.startswith(f"{at}_to_"):
            return funnel.conversions[place:]
    raise BadInput("unknown_step", f'The funnel has no step "{at}".', f"Its steps are {', '.join(STEPS)}.")


def _draws(conversions: Sequence[Conversion]) -> dict[str, Draws]:
    """Rates that today's counts may stand for; not to be written to."""
    return dict(_drawn(tuple(conversions)))


@lru_cache(maxsize=16)
def _drawn(conversions: tuple[Conversion, ...]) -> Mapping[str, Draws]:
    """Kept, because a page asks many questions of one funnel. By flow more may go on than came: that is all of them."""
    import numpy as np

    random = np.random.default_rng(SEED)
    return {
        conversion.step: random.beta(
            1 + conversion.successes, 1 + max(0, conversion.trials - conversion.successes), DRAWS
        )
        for conversion in conversions
    }


def _product(drawn: Mapping[str, Draws]) -> Draws:
    import numpy as np

    product: Draws = np.prod(list(drawn.values()), axis=0)
    return product


def _point(rates: Mapping[str, float | None]) -> float | None:
    known = [rate for rate in rates.values() if rate is not None]
    return prod(known) if len(known) == len(rates) else None


def _estimate(value: float | None, drawn: Draws) -> Estimate:
    import numpy as np

    low, high = np.quantile(drawn, (TAIL, 1 - TAIL))
    return Estimate(value, float(low), float(high))
