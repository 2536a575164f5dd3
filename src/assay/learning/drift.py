"""Whether leads have changed since something was learned from others: the population stability index of each column."""

from collections.abc import Mapping, Sequence
from math import log, sqrt
from typing import NamedTuple

import numpy as np

from assay.learning.columns import Column, Numbers, matrix
from assay.learning.models import Model

SHIFTED, LEAST = 0.25, 50
"""An index from which a column counts as shifted (Siddiqi, Credit Risk Scorecards, 2006), and rows it takes to tell."""
SURE = 3.0
"""Standard deviations above what chance alone would give."""


class Shift(NamedTuple):
    """A column, its population stability index, and whether that is more than chance gives."""

    column: str
    stability: float
    shifted: bool


def shares(model: Model, columns: Sequence[Column]) -> dict[str, list[int]]:
    """How many of these rows are in each group of each column, by its name."""
    codes = matrix(model.codings, columns)
    return {
        coding.name: np.bincount(coding.grouped(codes[:, place]), minlength=coding.groups).tolist()
        for place, coding in enumerate(model.codings)
    }


def drift(before: Mapping[str, Sequence[int]], now: Mapping[str, Sequence[int]]) -> list[Shift]:
    """Each column's index, the greatest first; nothing where there are too few rows to tell."""
    found = [_shift(name, np.array(before[name]), np.array(counts)) for name, counts in now.items() if name in before]
    return sorted((shift for shift in found if shift), key=lambda shift: -shift.stability)


def _shift(name: str, before: Numbers, now: Numbers) -> Shift | None:
    if min(before.sum(), now.sum()) < LEAST:
        return None
    # Half a row more in each group, so that an empty one does not make the index infinite.
    old, new = ((counts + 0.5) / (counts + 0.5).sum() for counts in (before, now))
    index = sum((one - other) * log(one / other) for one, other in zip(new, old, strict=True))
    # By chance alone the index times the harmonic size is as chi-squared (Yurdakul 2018): mean k - 1, variance twice.
    free, size = max(1, len(old) - 1), before.sum() * now.sum() / (before.sum() + now.sum())
    return Shift(name, float(index), bool(index >= SHIFTED and index > (free + SURE * sqrt(2 * free)) / size))
