"""Promoted leads with how it ended for them, and the lines of a policy that gave them points."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from assay.domain.evidence import Says, Share, compare
from assay.domain.policy import Policy

VERDICTS = ("accept", "reject")
ENDS = ("win", "lose", "recycle", "disqualify")
"""Moves that end what sales accepted."""

Path = tuple[str | int, ...]
"""Where a number stands in a policy's file."""


class Outcome(NamedTuple):
    """A promoted lead and whether it was a success.

    ``matched`` holds the criteria that were known, ``amounts`` the decayed number of signals by kind; ``fit`` and
    ``intent`` are as they stood, and it was sent to the gate with ``probability``. ``ages`` are the days since each
    signal by kind, where the log still tells.
    """

    matched: Mapping[str, bool]
    amounts: Mapping[str, float]
    fit: float
    intent: float
    success: bool
    probability: float = 1.0
    ages: Mapping[str, Sequence[float]] = MappingProxyType({})


class Line(NamedTuple):
    """A line of the policy that gives points: a criterion, or with a cap a kind of signal."""

    path: Path
    name: str
    label: str
    points: float
    cap: float | None = None

    def has(self, outcome: Outcome) -> bool | None:
        """Whether a lead had it; None where that was unknown."""
        return outcome.matched.get(self.name) if self.cap is None else outcome.amounts.get(self.name, 0.0) > 0

    def most(self, points: float) -> float:
        """The cap that lets as many signals count with these points as now."""
        if self.cap is None or points == self.points:
            return self.cap or 0.0
        return float(min(100, max(1, abs(points), round(self.cap * points / self.points))))

    def sides(self, outcomes: Sequence[Outcome]) -> tuple[Share, Share]:
        """How leads with and without it fared."""
        having, lacking = Share(), Share()
        for outcome in outcomes:
            if (has := self.has(outcome)) is not None:
                (having if has else lacking).add(outcome.success, 1, outcome.probability)
        return having, lacking

    def is_told_of(self, outcomes: Sequence[Outcome]) -> bool:
        """Whether there are enough leads with and without it."""
        return compare(*self.sides(outcomes)).says is not Says.CANNOT_TELL


def lines_of(policy: Policy) -> list[Line]:
    """The lines of a policy that give points: criteria, then kinds."""
    criteria = enumerate(policy.fit.criteria)
    lines = [Line(("fit", "criteria", at, "points"), item.name, item.name, item.points) for at, item in criteria]
    return lines + [
        Line(("intent", "signals", key, "points"), key, kind.label, kind.points, kind.cap)
        for key, kind in policy.intent.signals.items()
        if kind.points
    ]


def table(lines: Sequence[Line], outcomes: Sequence[Outcome]) -> list[list[float]]:
    """A row an outcome, a column a line: 1 for a match, for a kind how many signals counted.

    What was unknown stands at the mean of what was known, so that it says nothing.
    """
    means = {line.name: _mean(line.name, outcomes) for line in lines if line.cap is None}
    return [
        [
            float(outcome.matched.get(line.name, means[line.name]))
            if line.cap is None
            else min(outcome.amounts.get(line.name, 0.0), line.cap / abs(line.points))
            for line in lines
        ]
        for outcome in outcomes
    ]


def _mean(name: str, outcomes: Sequence[Outcome]) -> float:
    known = [outcome.matched[name] for outcome in outcomes if name in outcome.matched]
    return sum(known) / len(known) if known else 0.0


def weights(outcomes: Sequence[Outcome]) -> list[float]:
    """By inverse probability, scaled down to what so many leads of unequal weight say."""
    everything = Share()
    for outcome in outcomes:
        everything.add(outcome.success, 1, outcome.probability)
    return [everything.size / everything.weight / outcome.probability for outcome in outcomes]


def fit_and_intent(lines: Sequence[Line], points: Sequence[float], outcome: Outcome) -> tuple[float, float]:
    """Fit and intent, 0 to 100 each, that these points would have given a lead."""
    fit = intent = 0.0
    for line, each in zip(lines, points, strict=True):
        if line.cap is None:
            fit += each * outcome.matched.get(line.name, False)
        else:
            most = line.most(each)
            intent += max(-most, min(most, each * outcome.amounts.get(line.name, 0.0)))
    return min(100.0, max(0.0, fit)), min(100.0, max(0.0, intent))
