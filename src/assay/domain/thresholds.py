"""Threshold and floors as outcomes would have them: after the new points, and by those who came just over or under."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from assay.domain.evidence import Says, Share, compare
from assay.domain.outcomes import Line, Outcome, Path, fit_and_intent
from assay.domain.phrase import Phrase, Template
from assay.domain.policy import Policy

BAND, STEP = 10.0, 5.0
"""Points just over a threshold that are looked at, and by how much one proposal moves it."""
HARDLY = 0.5
"""Just over a threshold they are worth less than this share of those further up before it is raised."""

FOLLOWS = Template("It follows the new points, so that as many leads come over it as before.")
JUST_OVER = Template("Of {having} leads just over it {hits} succeeded, of {lacking} further up {others}.")
JUST_UNDER = Template("Of {having} leads explored under it {hits} succeeded, of {lacking} just over it {others}.")


class Moved(NamedTuple):
    """A threshold: where it stands, what it is and would be, and why."""

    path: Path
    before: float
    after: float
    why: Phrase


class _Bar(NamedTuple):
    """What a threshold compares: fit, intent, or both together, of which ``reads`` is the value of a lead."""

    path: Path
    value: float
    most: float
    reads: Callable[[float, float], float]


def moved_thresholds(
    policy: Policy, outcomes: Sequence[Outcome], lines: Sequence[Line], points: Sequence[float]
) -> list[Moved]:
    """The thresholds that would change with these points."""
    bars = (
        _Bar(("mql", "threshold"), policy.mql.threshold, 200, lambda fit, intent: fit + intent),
        _Bar(("fit", "floor"), policy.fit.floor, 100, lambda fit, intent: fit),
        _Bar(("intent", "floor"), policy.intent.floor, 100, lambda fit, intent: intent),
    )
    fit, intent = _shift(lines, points, outcomes)
    moved = []
    for bar in bars:
        follows = round(bar.reads(fit, intent))
        step, why = _step(_around(bar, outcomes))
        after = min(bar.most, max(0.0, bar.value + follows + step))
        if after != bar.value:
            moved.append(Moved(bar.path, bar.value, after, why))
    return moved


def _around(bar: _Bar, outcomes: Sequence[Outcome]) -> Mapping[str, Share]:
    sides = {"under": Share(), "just over": Share(), "further up": Share()}
    for one in outcomes:
        value = bar.reads(one.fit, one.intent)
        side = "under" if value < bar.value else "just over" if value < bar.value + BAND else "further up"
        sides[side].add(one.success, 1, one.probability)
    return sides


def _step(sides: Mapping[str, Share]) -> tuple[float, Phrase]:
    """Up where those just over it hardly ever succeed; down where explored ones under it do as well as those."""
    low = compare(sides["just over"], sides["further up"])
    if low.says is not Says.CANNOT_TELL and low.high is not None and low.high < HARDLY:
        return STEP, _phrase(JUST_OVER, sides["just over"], sides["further up"])
    under = compare(sides["under"], sides["just over"])
    if under.says in (Says.MORE, Says.NO_DIFFERENCE):
        return -STEP, _phrase(JUST_UNDER, sides["under"], sides["just over"])
    return 0.0, Phrase(FOLLOWS)


def _phrase(template: Template, one: Share, other: Share) -> Phrase:
    hits, others = (f"{round(100 * (side.rate or 0))} %" for side in (one, other))
    return Phrase(template, having=one.leads, hits=hits, lacking=other.leads, others=others)


def _shift(lines: Sequence[Line], points: Sequence[float], outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """By how much fit and intent of these leads change on average with other points."""
    before = [line.points for line in lines]
    if list(points) == before:
        return 0.0, 0.0
    fit = intent = 0.0
    for outcome in outcomes:
        new, old = fit_and_intent(lines, points, outcome), fit_and_intent(lines, before, outcome)
        fit, intent = fit + new[0] - old[0], intent + new[1] - old[1]
    return fit / len(outcomes), intent / len(outcomes)
