"""Why a chance is what it is: what each column adds to the log odds."""

from collections.abc import Sequence

import numpy as np

from assay.domain.chances import Reason
from assay.learning.columns import LEAST_IN_GROUP, Column, matrix
from assay.learning.models import Model

MOST = 4
"""Reasons that are told."""
LEAST_FACTOR = 1.1
"""What moves the odds by less is no reason."""


def reasons_of(model: Model, slope: float, columns: Sequence[Column]) -> list[list[Reason]]:
    """The strongest reasons of each row, the strongest first; ``slope`` is that of the calibration."""
    codes = matrix(model.codings, columns)
    _, added = model.parts(columns)
    groups = [coding.grouped(codes[:, place]) for place, coding in enumerate(model.codings)]
    found = []
    for row, log_odds in enumerate(slope * added):
        strongest = np.argsort(-np.abs(log_odds), kind="stable")[:MOST]
        found.append(
            [
                Reason(model.codings[at].name, model.codings[at].label(int(groups[at][row])), factor)
                for at in strongest
                if max(factor := float(np.exp(log_odds[at])), 1 / factor) >= LEAST_FACTOR
            ]
        )
    return found


def general(model: Model, slope: float, columns: Sequence[Column], most: int = 12) -> list[tuple[Reason, int]]:
    """What the model goes by over these rows: the groups that move the odds most, and how many rows each has."""
    codes = matrix(model.codings, columns)
    _, added = model.parts(columns)
    found = []
    for place, coding in enumerate(model.codings):
        groups = coding.grouped(codes[:, place])
        for group in range(coding.groups):
            rows = groups == group
            if (count := int(rows.sum())) >= LEAST_IN_GROUP:
                factor = float(np.exp(slope * added[rows, place].mean()))
                found.append((Reason(coding.name, coding.label(group), factor), count))
    telling = [each for each in found if max(each[0].factor, 1 / each[0].factor) >= LEAST_FACTOR]
    return sorted(telling, key=lambda each: -abs(np.log(each[0].factor)))[:most]
