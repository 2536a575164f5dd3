"""Every way tried on rows that were newer than all it had learned from, block after block of the older rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from assay.learning.calibration import Line
from assay.learning.columns import Column, Numbers, Outcomes, at
from assay.learning.models import Model
from assay.learning.needed import needed
from assay.learning.ways import WAYS, Way, sample

BLOCKS, JUDGING = 10, 2
"""Into how many blocks rows are cut by time, and how many of those, the newest, judge."""
Advance: TypeAlias = Callable[[int], object]
"""Told how many more rows are done."""
LEAST_TO_LEARN_FROM = 10
"""Rows of the rarer outcome."""


class Split:
    """Rows by time: the ``newest`` fifth, and the ``older`` others in blocks: the ``early`` and the ``later`` half."""

    def __init__(self, won: Outcomes) -> None:
        blocks = [block.tolist() for block in np.array_split(np.arange(len(won)), BLOCKS)]
        self.blocks: list[list[int]] = blocks[:-JUDGING]
        self.older = [row for block in self.blocks for row in block]
        self.newest = [row for block in blocks[-JUDGING:] for row in block]
        half = len(self.blocks) // 2
        self.early = [row for block in self.blocks[:half] for row in block]
        self.later = [row for block in self.blocks[half:] for row in block]
        self.can_tell = all(
            min(won[rows].sum(), (~won[rows]).sum()) >= least
            for rows, least in ((self.early, LEAST_TO_LEARN_FROM), (self.later, 2), (self.newest, 2))
        )
        """Whether both outcomes occur wherever they are learned from or judged by."""


@dataclass(slots=True)
class Trial:
    """A way with one setting: its ``scores`` of the later half of the older rows, and how well it told rows apart.

    ``auc`` is the mean area under the curve over blocks. ``factor`` puts its scores on the scale of log odds.
    """

    way: Way
    by_block: list[Numbers] = field(default_factory=list)
    aucs: list[float] = field(default_factory=list)
    factor: float = 1.0

    @property
    def auc(self) -> float:
        return sum(self.aucs) / len(self.aucs) if self.aucs else 0.5

    @property
    def scores(self) -> Numbers:
        return np.concatenate(self.by_block)


def tried(used: Sequence[Column], won: Outcomes, split: Split, advance: Advance) -> dict[str, Trial]:
    """Each way with the setting that did best."""
    trials = {name: [Trial(way) for way in settings.values()] for name, settings in WAYS.items()}
    every = [trial for some in trials.values() for trial in some]
    for number, block in enumerate(split.blocks):
        older = [row for each in split.blocks[:number] for row in each]
        if min(won[older].sum(), (~won[older]).sum()) >= LEAST_TO_LEARN_FROM:
            _try(every, used, won, older, block, later=number >= len(split.blocks) // 2)
        advance(len(block))
    best = {name: max(some, key=lambda trial: trial.auc) for name, some in trials.items()}
    for trial in best.values():
        trial.factor = max(0.0, Line.fitted(trial.scores, won[split.later]).slope)
    return best


def _try(
    trials: Sequence[Trial],
    used: Sequence[Column],
    won: Outcomes,
    older: Sequence[int],
    block: list[int],
    *,
    later: bool,
) -> None:
    taught, asked = sample(used, won, older), at(used, block)
    outcome = won[block]
    for trial in trials:
        scores = Model(taught.codings, ((1.0, trial.way(taught)),)).scores(asked)
        if 0 < outcome.sum() < len(outcome):
            trial.aucs.append(float(needed("sklearn.metrics").roc_auc_score(outcome, scores)))
        if later:
            trial.by_block.append(scores)
