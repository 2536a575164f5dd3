"""A logistic regression that is held to what was believed before: the posterior under a normal prior, by Laplace."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float64]

FREE = 10.0
"""Standard deviation of the intercept's prior, in log odds: as good as none."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Mean and standard deviation of each coefficient, in log odds; the intercept apart.

    ``loss`` is minus the logarithm of likelihood and prior where they are highest, but for a constant.
    """

    intercept: float
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    loss: float


def posterior(
    features: Sequence[Sequence[float]],
    successes: Sequence[bool],
    weights: Sequence[float],
    priors: Sequence[tuple[float, float]],
) -> Posterior:
    """What rows of ``features`` say of each column's coefficient; ``priors`` are its mean and deviation before.

    The mode is found by Newton's method with a trust region, and the normal around it has the inverse of the
    curvature there as its covariance (Bishop, Pattern Recognition and Machine Learning, section 4.5).
    """
    x = np.column_stack([np.ones(len(features)), np.asarray(features, dtype=float)])
    y, w = np.asarray(successes, dtype=float), np.asarray(weights, dtype=float)
    before = np.array([0.0, *(mean for mean, _ in priors)])
    precision = np.array([FREE, *(deviation for _, deviation in priors)]) ** -2.0

    def loss(beta: Numbers) -> float:
        odds, away = x @ beta, beta - before
        return float(w @ (np.logaddexp(0.0, odds) - y * odds) + 0.5 * precision @ (away * away))

    def slope(beta: Numbers) -> Numbers:
        return np.asarray(x.T @ (w * (_probability(x @ beta) - y)) + precision * (beta - before))

    def curvature(beta: Numbers) -> Numbers:
        p = _probability(x @ beta)
        return np.asarray((x.T * (w * p * (1 - p))) @ x + np.diag(precision))

    found = minimize(loss, before, jac=slope, hess=curvature, method="trust-exact")
    spread = np.sqrt(np.diag(np.linalg.inv(curvature(found.x))))
    return Posterior(float(found.x[0]), tuple(map(float, found.x[1:])), tuple(map(float, spread[1:])), float(found.fun))


def _probability(odds: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -500, 500))))
