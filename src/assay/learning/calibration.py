"""Scores put right by what came of others: a straight line over their log odds (Platt 1999), and how sure it is."""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from assay.domain.evidence import SPREAD
from assay.learning.columns import Numbers, Outcomes
from assay.learning.needed import needed

LOOSE = 10.0
"""How freely the line may follow the data, as scikit-learn's C."""
FURTHEST = 12.0
"""Log odds beyond which a score says no more than "nearly never" or "nearly always"."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The share of leads with this score that succeeds; it lies between ``low`` and ``high`` with 80 % probability."""

    chance: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """Log odds as they should have been: ``start + slope * score``, and the variances and covariance of both."""

    start: float
    slope: float
    start_variance: float
    slope_variance: float
    covariance: float

    @classmethod
    def fitted(cls, scores: Numbers, won: Outcomes) -> "Line":
        """From scores that were given before it was known who won."""
        bounded = _bounded(scores)
        fitted = needed("sklearn.linear_model").LogisticRegression(C=LOOSE).fit(bounded.reshape(-1, 1), won)
        start, slope = float(fitted.intercept_[0]), float(fitted.coef_[0, 0])
        chances = _chances(start + slope * bounded)
        design = np.column_stack([np.ones(len(bounded)), bounded])
        # The information of a logistic regression, with the prior that scikit-learn's C stands for.
        information = design.T @ (design * (chances * (1 - chances))[:, None]) + np.diag([0.0, 1 / LOOSE])
        covariance = np.linalg.inv(information)
        return cls(start, slope, float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1]))

    def chances(self, scores: Numbers) -> Numbers:
        """The chance of each score, 0 to 1."""
        return _chances(self.start + self.slope * _bounded(scores))

    def chance(self, score: float) -> Chance:
        """The chance of one score with its range."""
        score = min(FURTHEST, max(-FURTHEST, score))
        middle = self.start + self.slope * score
        variance = self.start_variance + 2 * score * self.covariance + score * score * self.slope_variance
        reach = SPREAD * sqrt(max(0.0, variance))
        return Chance(*(1 / (1 + exp(-odds)) for odds in (middle, middle - reach, middle + reach)))


def _bounded(scores: Numbers) -> Numbers:
    return np.clip(scores, -FURTHEST, FURTHEST)


def _chances(odds: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-odds)))
