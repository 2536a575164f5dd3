"""How good predicted chances are, on rows that nobody learned from."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from assay.learning.columns import Numbers, Outcomes
from assay.learning.needed import needed

SURE = 1.645
"""Standard deviations below which a normal value lies with 5 % probability."""
GROUPS, LEAST_IN_GROUP = 5, 8


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of like chances: how many, their mean chance, and how many succeeded."""

    rows: int
    chance: float
    won: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures on so many rows, ``won`` of which succeeded.

    ``auc`` is the area under the ROC curve, which is above ``auc_low`` with 95 % probability. ``precision`` is the
    average precision. ``loss`` is the log loss, ``base_loss`` that of giving every row the share of the older ones.
    ``lift`` is how many times as often the best tenth succeeds as all do. ``error`` is by how much chances and what
    came of them differ on average over the groups of ``calibration``, the lowest chances first.
    """

    rows: int
    won: int
    auc: float
    auc_low: float
    precision: float
    loss: float
    base_loss: float
    lift: float
    error: float
    calibration: tuple[Group, ...]

    @property
    def tells(self) -> bool:
        """Whether there is any signal."""
        return self.auc_low > 0.5


def figures(chances: Numbers, won: Outcomes, base: float) -> Figures:
    """The figures of predicted chances against what happened; both outcomes must occur. ``base`` is the older share."""
    metrics = needed("sklearn.metrics")
    auc, wins = float(metrics.roc_auc_score(won, chances)), int(won.sum())
    order = np.argsort(-chances, kind="stable")
    best = order[: max(1, len(won) // 10)]
    groups = _calibration(chances, won, order[::-1])
    return Figures(
        rows=len(won),
        won=wins,
        auc=auc,
        auc_low=auc - SURE * _auc_deviation(auc, wins, len(won) - wins),
        precision=float(metrics.average_precision_score(won, chances)),
        loss=float(metrics.log_loss(won, chances)),
        base_loss=float(metrics.log_loss(won, np.full(len(won), base))),
        lift=float(won[best].mean() / won.mean()),
        error=sum(group.rows * abs(group.chance - group.won / group.rows) for group in groups) / len(won),
        calibration=groups,
    )


def _calibration(
    chances: Numbers, won: Outcomes, upwards: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]"
) -> tuple[Group, ...]:
    parts = np.array_split(upwards, max(1, min(GROUPS, len(won) // LEAST_IN_GROUP)))
    return tuple(Group(len(part), float(chances[part].mean()), int(won[part].sum())) for part in parts)


def _auc_deviation(auc: float, won: int, lost: int) -> float:
    """Standard deviation of an area under the curve (Hanley and McNeil 1982, Radiology 143)."""
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    return sqrt((auc * (1 - auc) + (won - 1) * (q1 - auc**2) + (lost - 1) * (q2 - auc**2)) / (won * lost))
