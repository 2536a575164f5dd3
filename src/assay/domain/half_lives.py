"""Half-lives as outcomes would have them: whether what was long ago tells more, or less, than the rule believes."""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from assay.domain.outcomes import Line, Outcome, table, weights
from assay.domain.phrase import Phrase, Template
from assay.domain.points import priors
from assay.domain.policy import Policy

GAIN = 3.0
"""Log likelihood by which another half-life must explain the outcomes better: about 1 in 70 does by chance."""
STEPS = (0.5, 2.0)
"""A proposal halves a half-life or doubles it; the next one may go on."""

TELLS_MORE = Template("With it, how long ago it was makes these outcomes {times} times as likely.")


class Faded(NamedTuple):
    """A kind's other half-life in days. ``ratio`` keeps points worth what they were: by it they are multiplied."""

    line: Line
    before: float
    after: float
    ratio: float
    why: Phrase


def moved_half_lives(policy: Policy, lines: Sequence[Line], outcomes: Sequence[Outcome]) -> list[Faded]:
    """The kinds for which half or twice their half-life explains the outcomes clearly better."""
    from assay.domain.logistic import posterior  # here, because numpy and scipy take long to load

    rows, successes, weight = table(lines, outcomes), [one.success for one in outcomes], weights(outcomes)
    before = priors(lines, rows, successes, weight)
    now = posterior(rows, successes, weight, before).loss
    moved = []
    for at, line in enumerate(lines):
        if line.cap is None or not line.is_told_of(outcomes) or not any(one.ages.get(line.name) for one in outcomes):
            continue
        days = policy.intent.signals[line.name].half_life_days
        tries = [_tried(line, outcomes, days, max(1.0, round(days * step))) for step in STEPS]
        losses = [
            posterior([_with(row, at, x) for row, x in zip(rows, column, strict=True)], successes, weight, before).loss
            for column, _ in tries
        ]
        best = min(range(len(STEPS)), key=lambda number: losses[number])
        if (gain := now - losses[best]) >= GAIN:
            after = max(1.0, round(days * STEPS[best]))
            why = Phrase(TELLS_MORE, times=min(1000, round(exp(min(gain, 20)))))
            moved.append(Faded(line, days, after, tries[best][1], why))
    return moved


def faded(outcomes: Sequence[Outcome], moved: Sequence[Faded]) -> list[Outcome]:
    """The outcomes as if signals had faded so, their amounts scaled to be worth what they were."""
    if not moved:
        return list(outcomes)
    return [
        one._replace(amounts={**one.amounts, **{f.line.name: _amount(one, f.line, f.after) / f.ratio for f in moved}})
        for one in outcomes
    ]


def _tried(line: Line, outcomes: Sequence[Outcome], days: float, other: float) -> tuple[list[float], float]:
    """The column of a kind with another half-life, scaled to the same mean, and what it was scaled by."""
    present, changed = ([_amount(one, line, half_life) for one in outcomes] for half_life in (days, other))
    ratio = sum(present) / sum(changed) if sum(changed) else 1.0
    most = (line.cap or 0.0) / abs(line.points)
    return [min(amount * ratio, most) for amount in changed], 1 / ratio


def _amount(outcome: Outcome, line: Line, days: float) -> float:
    ages = outcome.ages.get(line.name)
    return sum(2 ** (-age / days) for age in ages) if ages else outcome.amounts.get(line.name, 0.0)


def _with(row: Sequence[float], at: int, value: float) -> list[float]:
    return [*row[:at], value, *row[at + 1 :]]
