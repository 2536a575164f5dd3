"""How long leads stay in a rung, from those that have left it and those that wait in it still (Kaplan-Meier)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import exp, inf, log, sqrt
from typing import NamedTuple

from assay.domain.clock import amount
from assay.domain.evidence import SPREAD
from assay.domain.funnel import FEW
from assay.domain.phrase import Phrase

HALF, LAST_TENTH = 0.5, 0.1
ALIKE = 1e-9
"""Shares that differ by less are equal, so that six of twelve are a half however that was multiplied."""


class Stay(NamedTuple):
    """Leads that have been in a rung equally long: how many went on after it, fell out after it, or still wait."""

    seconds: float
    went_on: int = 0
    left: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Time:
    """How long leads stay in the rung of a step, in seconds, whichever way they leave it.

    ``median`` lies between ``low`` and ``high`` with 80 % probability; a tenth stays longer than ``p90``. Each is None
    where so many still wait that it cannot be told yet.
    """

    step: str
    median: float | None
    p90: float | None
    low: float | None
    high: float | None
    went_on: int
    waiting: int
    left: int

    @property
    def few(self) -> bool:
        """Whether too few have left the rung to go by."""
        return self.went_on + self.left < FEW


class _Still(NamedTuple):
    """The share that is still there after so many seconds, and the ends of its interval."""

    seconds: float
    share: float
    low: float
    high: float


DAY = timedelta(days=1)


def spoken(seconds: float) -> Phrase:
    """A length of time as people say it: hours and minutes, from two days on days."""
    length = timedelta(seconds=seconds)
    if length < 2 * DAY:
        return amount(length)
    days = round(length / DAY, 1)
    return Phrase("{days} days", days=days if days < 10 and days % 1 else round(days))


def time_in(step: str, stays: Iterable[Stay]) -> Time:
    """The time in the rung of a step.

    To leave it ends the stay, be it to the next step or out of the funnel: to take those who fell out for ones who
    would still have gone on (to censor them) would claim that they were no different, and they were. Those who wait
    are censored: all that is known is that they stay longer than so far.
    """
    rows = sorted(stays)
    curve = list(_curve(rows))
    return Time(
        step,
        median=_first((point.seconds, point.share) for point in curve),
        p90=_first(((point.seconds, point.share) for point in curve), LAST_TENTH),
        low=_first((point.seconds, point.low) for point in curve),
        high=_first((point.seconds, point.high) for point in curve),
        went_on=sum(row.went_on for row in rows),
        waiting=sum(row.waiting for row in rows),
        left=sum(row.left for row in rows),
    )


def _curve(rows: Iterable[Stay]) -> Iterator[_Still]:
    """Kaplan and Meier's estimate, with Greenwood's variance on the scale of log(-log), so that it stays in 0 to 1.

    Formulas as in Klein and Moeschberger, Survival Analysis, sections 4.2 and 4.3; who wait count as there to the end
    of their time. A share equals its ends where it is 0, as nobody is there.
    """
    known = list(rows)
    there = sum(row.went_on + row.left + row.waiting for row in known)
    share, greenwood = 1.0, 0.0
    for row in _together(known):
        ended = row.went_on + row.left
        if ended:
            share *= 1 - ended / there
            greenwood += ended / (there * (there - ended)) if there > ended else inf
            yield _Still(row.seconds, share, *_ends(share, greenwood))
        there -= ended + row.waiting


def _together(rows: Iterable[Stay]) -> Iterator[Stay]:
    """Rows of the same length in one: the estimate counts all who left at a moment at once."""
    before: Stay | None = None
    for row in rows:
        if before and before.seconds == row.seconds:
            counts = (mine + its for mine, its in zip(before[1:], row[1:], strict=True))
            before = Stay(row.seconds, *counts)
            continue
        if before:
            yield before
        before = row
    if before:
        yield before


def _ends(share: float, greenwood: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    reach = SPREAD * sqrt(greenwood) / log(share)
    return share ** exp(-reach), share ** exp(reach)


def _first(points: Iterable[tuple[float, float]], share: float = HALF) -> float | None:
    """When no more than this share is there (Brookmeyer and Crowley, for the ends of the median)."""
    return next((seconds for seconds, still in points if still <= share + ALIKE), None)
