"""What a mistake probably cost: hours of sales' time, or deals, each with the range in which it lies with 80 %.

Deals are reckoned from the team's own history. A share of successes is drawn from its posterior (Beta(1, 1) prior, as
in domain.funnel), many times with a fixed seed, so that the same history always costs the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from assay.domain.funnel import TAIL
from assay.domain.phrase import Phrase
from assay.domain.what_if import DRAWS, SEED, Estimate
from assay.domain.worth import Worth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]

MINUTES: Mapping[str, tuple[float, float, float]] = {
    "call": (5, 10, 20),
    "email": (5, 10, 15),
    "meeting": (45, 60, 90),
    "other": (5, 15, 30),
}
"""Minutes of work behind a contact, by its kind: few, usual and many. Nobody measures them, so they are assumed."""

HOUR = 60


class Tried(NamedTuple):
    """How many leads there were, and how many of them went on."""

    all: int
    went_on: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Hours, or deals and what those are worth where won deals say so; ``how`` says how that was reckoned."""

    how: Phrase
    hours: Estimate | None = None
    deals: Estimate | None = None
    revenue: Estimate | None = None
    currency: str = ""


def about(amount: float) -> int:
    """An amount of money as it is told: two figures of it, since the range is wide."""
    return int(round(amount, 2 - len(str(int(amount)))))


def time_spent(contacts: Mapping[str, int]) -> Cost:
    """The hours behind so many contacts of each kind. The range is that of the minutes, which nobody has measured."""
    low, usual, high = (
        sum(MINUTES[kind][place] * count for kind, count in contacts.items()) / HOUR for place in range(3)
    )
    how = Phrase(
        "{count} contacts at {call} min a call, {email} min a mail and {meeting} min a meeting, "
        "which is assumed; the range is from quick to thorough ones.",
        count=sum(contacts.values()),
        call=MINUTES["call"][1],
        email=MINUTES["email"][1],
        meeting=MINUTES["meeting"][1],
    )
    return Cost(how, hours=Estimate(usual, low, high))


def missed(number: int, late: Tried, in_time: Tried, closing: Tried, worth: Worth | None) -> Cost:
    """Deals that so many late ones would have brought, had they gone on to a deal as often as those in time.

    ``late`` and ``in_time`` are what became of both before, ``closing`` are deals, and how many of them were won.
    Where late ones do better, nothing was lost.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    better = np.clip(_drawn(random, in_time) - _drawn(random, late), 0, None)
    won = number * better * _drawn(random, closing)
    value = number * max(0.0, _rate(in_time) - _rate(late)) * _rate(closing)
    how = Phrase(
        "Over a year {slow} of {late} answered late or not yet got a deal, and {fast} of {quick} answered in time; "
        "this is what the difference would have brought at the usual share of deals won.",
        late=late.all,
        slow=late.went_on,
        quick=in_time.all,
        fast=in_time.went_on,
    )
    return _in_money(Cost(how), random, value, won, worth)


def waiting(undecided: int, decided: Tried, closing: Tried, worth: Worth | None) -> Cost:
    """Deals that wait at the gate: what so many leads bring where they are decided as all others were."""
    import numpy as np

    random = np.random.default_rng(SEED)
    won = undecided * _drawn(random, decided) * _drawn(random, closing)
    how = Phrase(
        "What {waiting} undecided leads would bring if they went on as the {decided} decided ones: "
        "{share} of those got a deal. What returned leads would have taught is not reckoned.",
        waiting=undecided,
        decided=decided.all,
        share=_percent(decided),
    )
    return _in_money(Cost(how), random, undecided * _rate(decided) * _rate(closing), won, worth)


def _in_money(cost: Cost, random: np.random.Generator, value: float, won: Draws, worth: Worth | None) -> Cost:
    deals = _estimate(value, won)
    if worth is None:
        return Cost(cost.how, deals=deals)
    each = worth.means(random, DRAWS)
    how = Phrase(
        "{how} A deal won brought {each} {currency} on average ({deals} so far).",
        how=cost.how,
        each=worth.mean,
        currency=worth.currency,
        deals=worth.deals,
    )
    return Cost(how, deals=deals, revenue=_estimate(value * worth.mean, won * each), currency=worth.currency)


def _drawn(random: np.random.Generator, tried: Tried) -> Draws:
    return random.beta(1 + tried.went_on, 1 + max(0, tried.all - tried.went_on), DRAWS)


def _rate(tried: Tried) -> float:
    """The share that went on; of nobody one half, which is the mean of the prior."""
    return min(1.0, tried.went_on / tried.all) if tried.all else 0.5


def _percent(tried: Tried) -> str:
    return f"{tried.went_on / tried.all * 100:.0f} %" if tried.all else "-"


def _estimate(value: float, drawn: Draws) -> Estimate:
    import numpy as np

    low, high = np.quantile(drawn, (TAIL, 1 - TAIL))
    return Estimate(value, min(float(low), value), max(float(high), value))
