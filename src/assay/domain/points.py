"""Points as outcomes would have them, near the present ones.

The present points are what is believed before. A line changes where outcomes leave at most 10 % probability, on that
side, that its present points are right, and where enough leads had it and had it not; all others stay.
"""

from collections.abc import Sequence
from math import floor, log

from assay.domain.evidence import SPREAD
from assay.domain.outcomes import Line, Outcome, table, weights

USUAL = log(2) / 20
"""Log odds a point, before anything is known: 20 points double the odds."""
ROOM = 5.0
"""Points by which any line may well be wrong, beside half of what it has."""


def new_points(lines: Sequence[Line], outcomes: Sequence[Outcome]) -> list[float]:
    """Whole points for each line, or its own; those of criteria that speak for a lead add up to 100."""
    from assay.domain.logistic import posterior  # here, because numpy and scipy take long to load

    rows, successes, weight = table(lines, outcomes), [outcome.success for outcome in outcomes], weights(outcomes)
    found = posterior(rows, successes, weight, priors(lines, rows, successes, weight))
    positive = [at for at, line in enumerate(lines) if line.cap is None and line.points > 0]
    # How much a point is worth follows from the rule that these add up to 100.
    worth = max(sum(found.means[at] for at in positive) / 100, USUAL / 5)
    points = [line.points for line in lines]
    told = []
    for at, line in enumerate(lines):
        away = abs(found.means[at] - worth * line.points)
        if away > SPREAD * found.deviations[at] and line.is_told_of(outcomes):
            points[at] = _same_sign(found.means[at] / worth, line.points)
            told.append(at)
    for at in told:
        if at not in positive:
            points[at] = float(max(-100, min(100, round(points[at]))))
    if movable := [at for at in told if at in positive]:
        _add_up(points, positive, movable if len(movable) > 1 else positive)
    return points


def priors(
    lines: Sequence[Line], rows: Sequence[Sequence[float]], successes: Sequence[bool], weight: Sequence[float]
) -> list[tuple[float, float]]:
    """What is believed of each line before: its points, at what a point of the whole score turns out to be worth."""
    from assay.domain.logistic import posterior  # here, because numpy and scipy take long to load

    totals = [[sum(x * line.points for x, line in zip(row, lines, strict=True))] for row in rows]
    slope = max(posterior(totals, successes, weight, [(USUAL, USUAL)]).means[0], USUAL / 5)
    room = max(slope, USUAL)
    return [(slope * line.points, room * (abs(line.points) / 2 + ROOM)) for line in lines]


def _same_sign(points: float, before: float) -> float:
    """A line may lose all but one of its points, not turn into its opposite: that is for people to decide."""
    return max(points, 1.0) if before > 0 else min(points, -1.0)


def _add_up(points: list[float], together: Sequence[int], movable: Sequence[int]) -> None:
    """Make the movable points whole, at least 1 each, so that all together are 100, in proportion.

    What rounding down leaves goes to the largest remainders; what raising to 1 takes comes from the most points.
    """
    left = 100 - sum(points[at] for at in together if at not in movable)
    everything = sum(points[at] for at in movable)
    exact = {at: points[at] * left / everything for at in movable}
    for at in movable:
        points[at] = max(1.0, float(floor(exact[at])))
    most_left = sorted(movable, key=lambda at: points[at] - exact[at])
    missing = left - sum(points[at] for at in movable)
    for at in most_left[: max(0, floor(missing))]:
        points[at] += 1
    # Points of the others may have fractions, and raising some to 1 may have taken too much.
    largest = max(movable, key=lambda at: points[at])
    points[largest] += left - sum(points[at] for at in movable)
