"""What outcomes say of the rule: how leads with and without each criterion and signal kind fared, by their promotion.

A lead counts by what its score held when it was promoted, never by what became known of it later.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, sqrt
from typing import NamedTuple

from assay.domain.funnel import FEW
from assay.domain.parts import Axis
from assay.domain.policy import Policy

SPREAD = 1.2815515655446004
"""Standard deviations to each side of the middle that hold 80 % of a normal distribution."""


class Tried(NamedTuple):
    """Promotions that were alike in all that counts here, and what became of them.

    ``verdicts`` are the parts of their scores as axis, name and verdict. ``accepted`` is None where sales did not
    decide, ``won`` where it did not end. ``probability`` is with which they were sent: under 1 for an exploration.
    """

    verdicts: Sequence[tuple[str, str, str]]
    accepted: bool | None
    won: bool | None = None
    reason: str = ""
    number: int = 1
    probability: float = 1.0


@dataclass(slots=True)
class Share:
    """How many of some leads succeeded; a lead sent with probability p stands for 1/p leads."""

    leads: int = 0
    weight: float = 0.0
    squares: float = 0.0
    hits: float = 0.0

    def add(self, hit: bool, number: int, probability: float) -> None:
        """Count so many leads that were alike."""
        each = 1 / probability
        self.leads += number
        self.weight += number * each
        self.squares += number * each * each
        self.hits += number * each * hit

    @property
    def rate(self) -> float | None:
        """The share that succeeded, 0 to 1; None where nobody was tried."""
        return self.hits / self.weight if self.weight else None

    @property
    def size(self) -> float:
        """How many leads of equal weight would say as much (Kish's effective sample size)."""
        return self.weight * self.weight / self.squares if self.squares else 0.0


class Says(StrEnum):
    """What a comparison allows to be said."""

    CANNOT_TELL = "cannot tell yet"
    MORE = "more"
    FEWER = "fewer"
    NO_DIFFERENCE = "no difference seen"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Leads with something beside those without it. ``lift`` is how many times as often they succeeded.

    The lift lies between ``low`` and ``high`` with 80 % probability; all three are None where a side is empty.
    """

    having: Share
    lacking: Share
    lift: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def says(self) -> Says:
        """What this sample carries: nothing where a side is small, however large the lift looks."""
        if self.low is None or self.high is None or min(self.having.size, self.lacking.size) < FEW:
            return Says.CANNOT_TELL
        if self.low > 1:
            return Says.MORE
        return Says.FEWER if self.high < 1 else Says.NO_DIFFERENCE


def compare(having: Share, lacking: Share) -> Comparison:
    """Both sides, each with a Beta(1, 1) prior; the logarithm of the lift is taken as normal.

    Mean and variance of log p under Beta(a, b) are psi(a) - psi(a + b) and psi'(a) - psi'(a + b), with the digamma
    and trigamma functions (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, chapter 25).
    """
    if not having.weight or not lacking.weight:
        return Comparison(having, lacking)
    (mean_with, var_with), (mean_without, var_without) = _log_moments(having), _log_moments(lacking)
    middle, reach = mean_with - mean_without, SPREAD * sqrt(var_with + var_without)
    return Comparison(having, lacking, exp(middle), exp(middle - reach), exp(middle + reach))


def _log_moments(share: Share) -> tuple[float, float]:
    from scipy.special import polygamma, psi  # here, because it takes longer to load than everything else of ours

    hits = share.size * share.hits / share.weight
    a, all_of_them = 1 + hits, 2 + share.size
    return float(psi(a) - psi(all_of_them)), float(polygamma(1, a) - polygamma(1, all_of_them))


class Returned(NamedTuple):
    """A reason of rejection: how many of the returned leads had the criterion or kind, and how many did not."""

    code: str
    having: int
    lacking: int


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion or signal kind of the policy. ``won`` is of the accepted leads whose story has ended."""

    axis: Axis
    name: str
    label: str
    points: float
    accepted: Comparison
    won: Comparison
    unknown: int
    reasons: tuple[Returned, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every line of the policy, over so many promotions that were decided, accepted, ended and won."""

    lines: tuple[Line, ...]
    decided: int
    accepted: int
    ended: int
    won: int
    explored: int


class _Fate(NamedTuple):
    """What became of promotions, as far as it counts here."""

    accepted: bool
    won: bool | None
    reason: str
    probability: float


@dataclass(slots=True)
class _Counts:
    """How many promotions met one fate, and how many of them had each axis, name and verdict."""

    number: int = 0
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def evidence(policy: Policy, groups: Iterable[Tried]) -> Evidence:
    """What decided promotions say of each criterion and kind of a policy, in its order.

    A criterion that was unknown counts on neither side.
    """
    fates: defaultdict[_Fate, _Counts] = defaultdict(_Counts)
    for tried in groups:
        if tried.accepted is None:
            continue
        won = tried.won if tried.accepted else None
        counts = fates[_Fate(tried.accepted, won, tried.reason, tried.probability)]
        counts.number += tried.number
        for verdict in tried.verdicts:
            counts.verdicts[verdict] += tried.number
    lines = [_line(fates, "fit", item.name, item.name, item.points) for item in policy.fit.criteria]
    lines += [_line(fates, "intent", key, kind.label, kind.points) for key, kind in policy.intent.signals.items()]
    return Evidence(
        tuple(lines),
        decided=_total(fates, lambda fate: True),
        accepted=_total(fates, lambda fate: fate.accepted),
        ended=_total(fates, lambda fate: fate.won is not None),
        won=_total(fates, lambda fate: fate.won is True),
        explored=_total(fates, lambda fate: fate.probability < 1),
    )


def _total(fates: Mapping[_Fate, _Counts], holds: Callable[[_Fate], bool]) -> int:
    return sum(counts.number for fate, counts in fates.items() if holds(fate))


def _line(fates: Mapping[_Fate, _Counts], axis: Axis, name: str, label: str, points: float) -> Line:
    accepted, won = (Share(), Share()), (Share(), Share())
    reasons: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    unknown = 0
    for fate, counts in fates.items():
        sides = _sides(counts, axis, name)
        unknown += counts.number - sum(sides)
        for side, number in enumerate(sides):
            if not number:
                continue
            accepted[side].add(fate.accepted, number, fate.probability)
            if fate.won is not None:
                won[side].add(fate.won, number, fate.probability)
            if not fate.accepted:
                reasons[side][fate.reason] += number
    codes = sorted(reasons[0] | reasons[1], key=lambda code: (-reasons[0][code], code))
    returned = tuple(Returned(code, reasons[0][code], reasons[1][code]) for code in codes)
    return Line(axis, name, label, points, compare(*accepted), compare(*won), unknown, returned)


def _sides(counts: _Counts, axis: Axis, name: str) -> tuple[int, int]:
    """How many had it and how many had it not."""
    if axis == "fit":
        return counts.verdicts["fit", name, "match"], counts.verdicts["fit", name, "miss"]
    having = counts.verdicts["intent", name, "counted"]
    return having, counts.number - having


def same_criteria(before: Policy, now: Policy) -> frozenset[str]:
    """The criteria that ask the same in both policies, whatever points they give: only those are comparable."""
    asked = {item.name: (item.field, item.operator, item.operand) for item in before.fit.criteria}
    return frozenset(
        item.name for item in now.fit.criteria if asked.get(item.name) == (item.field, item.operator, item.operand)
    )
