"""Columns that know the outcome because they were filled in after it: found by how they go along with it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assay.domain.funnel_words import percent
from assay.domain.phrase import Phrase
from assay.learning.columns import Coding, Column, Indices, Outcomes
from assay.learning.needed import needed

TELLS_ALL, TELLS_MUCH = 0.9, 0.8
"""Areas under the curve of one column alone: nothing known beforehand tells that much, or hardly."""
FILLED, FILLED_MUCH = 0.4, 0.2
"""Differences between the shares of successes and others in which a column is filled in."""
FOLDS = 5
LATER = re.compile(r"(?i)\b(last|latest|final|closed?|won|lost|stage|status|result|outcome|converted|duration)\b")
"""Words in the names of columns that are filled in, or overwritten, as a lead goes on."""


class Leak(NamedTuple):
    """A column that should not be learned from, and why. One that is not ``certain`` is used, and named."""

    column: str
    why: Phrase
    certain: bool


def leaks(columns: Sequence[Column], won: Outcomes, rows: Sequence[int]) -> list[Leak]:
    """Those of these columns that look filled in after the outcome, by these rows; the certain ones first."""
    found = [leak for column in columns if (leak := leak_of(column, won, rows))]
    return sorted(found, key=lambda leak: not leak.certain)


def leak_of(column: Column, won: Outcomes, rows: Sequence[int]) -> Leak | None:
    """Why a column looks as if it was filled in after the outcome, if it does."""
    among, outcome = [column.values[row] for row in rows], won[list(rows)]
    filled = np.array([value is not None for value in among])
    successes, others = float(filled[outcome].mean()), float(filled[~outcome].mean())
    if abs(successes - others) >= FILLED_MUCH:
        why = Phrase(
            "It is filled in for {percent} of the successes and for {others} of the others.",
            percent=percent(successes),
            others=percent(others),
        )
        return Leak(column.name, why, abs(successes - others) >= FILLED)
    alone = _alone(column, won, rows)
    if alone >= TELLS_MUCH:
        why = Phrase("It alone tells the outcome: area under the curve {auc}.", auc=f"{alone:.2f}")
        return Leak(column.name, why, alone >= TELLS_ALL)
    if LATER.search(column.name.replace("_", " ")):
        return Leak(column.name, Phrase("Its name sounds as if it was kept up to date until the end."), False)
    return None


def _alone(column: Column, won: Outcomes, rows: Sequence[int]) -> float:
    """The area under the curve of its groups' success rates, each taken from the other folds."""
    coding, outcome = Coding.learned(column, won, rows), won[list(rows)]
    groups = coding.grouped(coding.codes([column.values[row] for row in rows]))
    folds = np.arange(len(outcome)) % FOLDS
    rates = np.empty(len(outcome))
    for fold in range(FOLDS):
        others = folds != fold
        rates[~others] = _rates(groups[others], outcome[others], coding.groups)[groups[~others]]
    return float(needed("sklearn.metrics").roc_auc_score(outcome, rates))


def _rates(groups: Indices, won: Outcomes, number: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """The share of successes in each group, drawn a little toward that of all."""
    rows = np.bincount(groups, minlength=number)
    return np.asarray((np.bincount(groups[won], minlength=number) + FOLDS * won.mean()) / (rows + FOLDS))
