"""Learning from a table: older rows teach, those after them choose between ways, and the newest fifth judges.

Each row is predicted by what was learned from older rows alone. The newest fifth is looked at once, at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assay.domain.chances import LEAST, LEAST_OF_EACH
from assay.learning.calibration import Line
from assay.learning.columns import Column, Numbers, Outcomes, at
from assay.learning.figures import Figures, figures
from assay.learning.leaks import Leak, leaks
from assay.learning.models import Model
from assay.learning.needed import needed
from assay.learning.trials import Advance, Split, Trial, tried
from assay.learning.ways import sample

CLOSE = 0.01
"""Ways whose areas under the curve differ by no more than this are too close to choose between."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a table taught. Below the minimum only the counts are there.

    ``figures`` are those of each way on the newest fifth, after learning from the others; those that are ``chosen`` did
    best before, and ``best`` are the figures of them together. ``model`` and ``line`` were learned from all rows, and
    are None where there is no signal.
    """

    rows: int
    won: int
    used: tuple[str, ...]
    leaks: tuple[Leak, ...] = ()
    chosen: tuple[str, ...] = ()
    figures: tuple[tuple[str, Figures], ...] = ()
    best: Figures | None = None
    model: Model | None = None
    line: Line | None = None


def learn(
    columns: Sequence[Column],
    won: Sequence[bool],
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    advance: Advance = lambda more: None,
) -> Learned:
    """What columns, the oldest row first, teach about an outcome.

    Columns in ``drop`` are left out, and those that look filled in after the outcome unless they are in ``keep``.
    ``advance`` is told how many more rows are done. Raises NotInstalled without scikit-learn.
    """
    asked = [column for column in columns if column.name not in drop]
    said = Learned(len(won), sum(won), tuple(column.name for column in asked))
    if said.rows < LEAST or min(said.won, said.rows - said.won) < LEAST_OF_EACH:
        return said
    needed("sklearn.ensemble")  # only what is loaded is held to one thread
    # On a busy machine its threads wait for each other: seconds become minutes, and the desk waits along.
    with needed("threadpoolctl").threadpool_limits(1):
        return _learned(said, asked, np.array(won, dtype=bool), keep, advance)


def _learned(said: Learned, asked: Sequence[Column], won: Outcomes, keep: Sequence[str], advance: Advance) -> Learned:
    split = Split(won)
    if not split.can_tell:
        return said
    found = leaks(asked, won, split.older)
    out = {leak.column for leak in found if leak.certain} - set(keep)
    used = [column for column in asked if column.name not in out and not column.says_nothing]
    said = replace(said, used=tuple(column.name for column in used), leaks=tuple(found))
    if not used:
        return said
    trials = tried(used, won, split, advance)
    best = max(trial.auc for trial in trials.values())
    close = {name: trial for name, trial in trials.items() if trial.auc >= best - CLOSE}
    return _judged(replace(said, chosen=tuple(close)), trials, used, won, split)


def _judged(said: Learned, trials: Mapping[str, Trial], used: Sequence[Column], won: Outcomes, split: Split) -> Learned:
    """With figures on the newest fifth, and with a model where they tell anything."""
    newest, base = at(used, split.newest), float(won[split.older].mean())
    chosen = [trials[name] for name in said.chosen]

    def seen(some: Sequence[Trial]) -> tuple[Figures, Line]:
        scores = _model(some, used, won, split.older).scores(newest)
        before, rows = _together(some), split.later
        line = Line.fitted(before, won[rows])
        after = Line.fitted(np.concatenate([before, scores]), won[[*rows, *split.newest]])
        return figures(line.chances(scores), won[split.newest], base), after

    each = tuple((name, seen([trial])[0]) for name, trial in trials.items())
    best, line = seen(chosen)
    said = replace(said, figures=each, best=best)
    if not best.tells:
        return said
    return replace(said, model=_model(chosen, used, won, range(len(won))), line=line)


def _model(trials: Sequence[Trial], used: Sequence[Column], won: Outcomes, rows: Sequence[int]) -> Model:
    taught = sample(used, won, rows)
    return Model(taught.codings, tuple((trial.factor / len(trials), trial.way(taught)) for trial in trials))


def _together(trials: Sequence[Trial]) -> Numbers:
    scores: Numbers = sum((trial.factor * trial.scores for trial in trials), np.zeros(1)) / len(trials)
    return scores
