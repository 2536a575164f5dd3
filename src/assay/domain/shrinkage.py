"""Shares of many sources at once, each shrunk toward the mean of all as far as its own counts leave it open.

A hierarchical Beta-Binomial (Gelman and others, Bayesian Data Analysis, section 5.3): the true shares vary around a
mean as a Beta distribution does, of a weight that says how alike they are, and mean and weight are learnt from the
counts, as in empirical Bayes. But they are drawn, not taken at their most probable values: ranges from those would be
too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from assay.domain.funnel import FEW, TAIL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]

DRAWS = 4_000
SEED = 20_261_101
ENOUGH = 3
"""From so many sources on it can be told how they vary."""
MEANS, WEIGHTS = 31, 21
"""Points of the grid on which mean and weight are weighed."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many. ``expected`` is the share shrunk toward the mean, between ``low`` and ``high`` with 80 %."""

    trials: int
    successes: int
    expected: float
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        """The share as counted; None without trials."""
        return self.successes / self.trials if self.trials else None

    @property
    def few(self) -> bool:
        """Whether it is counted on too little to go by."""
        return self.trials < FEW


@dataclass(frozen=True, slots=True)
class Prior:
    """What the sources together say of a share: draws of the successes and failures that this is worth."""

    successes: Draws
    failures: Draws

    def draws(self, trials: int, successes: int) -> Draws:
        """The true share of a source of these counts, as often as there are draws; the same each time."""
        import numpy as np

        random = np.random.default_rng(SEED)
        return random.beta(self.successes + successes, self.failures + max(0, trials - successes))


def shares(counts: Sequence[tuple[int, int]]) -> tuple[Share, ...]:
    """Trials and successes of each as shares."""
    common = prior(counts)
    return tuple(_share(common, trials, successes) for trials, successes in counts)


def _share(common: Prior, trials: int, successes: int) -> Share:
    import numpy as np

    drawn = common.draws(trials, successes)
    low, high = np.quantile(drawn, (TAIL, 1 - TAIL))
    return Share(trials, successes, float(drawn.mean()), float(low), float(high))


def prior(counts: Sequence[tuple[int, int]]) -> Prior:
    """What trials and successes of all say; flat where there are too few sources to tell how they vary."""
    import numpy as np

    tried = [(trials, min(successes, trials)) for trials, successes in counts if trials]
    if len(tried) < ENOUGH:
        return Prior(np.ones(DRAWS), np.ones(DRAWS))
    means, weights = _grid(tried)
    density = _density(tried, means, weights)
    chosen = np.random.default_rng(SEED).choice(density.size, DRAWS, p=density)
    return Prior((means * weights)[chosen], ((1 - means) * weights)[chosen])


def _grid(tried: Sequence[tuple[int, int]]) -> tuple[Draws, Draws]:
    """Means around that of all as far as they may lie from it, and weights up to that of all counts together."""
    import numpy as np

    trials, successes = (sum(column) for column in zip(*tried, strict=True))
    pooled = (successes + 1) / (trials + 2)
    # On the scale of log odds: the error of the counts, and that of a mean over sources that differ as much as 1.
    error = sqrt(1 / ((trials + 2) * pooled * (1 - pooled)) + 1 / len(tried))
    odds = log(pooled / (1 - pooled)) + np.linspace(-3 * error, 3 * error, MEANS)
    weights = np.exp(np.linspace(0, log(trials + 2), WEIGHTS))
    means, weights = (axis.ravel() for axis in np.meshgrid(1 / (1 + np.exp(-odds)), weights))
    return means, weights


def _density(tried: Sequence[tuple[int, int]], means: Draws, weights: Draws) -> Draws:
    """How probable each point of the grid is."""
    import numpy as np
    from scipy.special import betaln  # here, because it takes longer to load than everything else of ours

    n, k = (np.array(column, dtype=float)[:, None] for column in zip(*tried, strict=True))
    a, b = means * weights, (1 - means) * weights
    # The book's density (a + b)^(-5/2) of a and b, for even steps of log odds and of the weight's logarithm.
    likelihood = np.log(means * (1 - means)) - 0.5 * np.log(weights)
    likelihood += (betaln(a + k, b + n - k) - betaln(a, b)).sum(axis=0)
    density = np.exp(likelihood - likelihood.max())
    found: Draws = density / density.sum()
    return found
