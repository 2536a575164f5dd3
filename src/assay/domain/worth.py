"""What a won deal brings on average, as far as the deals so far tell."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]


class Worth(NamedTuple):
    """What won deals brought: their number, mean and standard deviation in whole units, in one currency."""

    deals: int
    mean: int
    deviation: float
    currency: str

    @property
    def spread(self) -> float:
        """The standard deviation of deals to come: one more deal is imagined that lies as far off as the mean is high.

        Otherwise a single deal, which deviates from nothing, would pass for certain.
        """
        return sqrt((self.deals * self.deviation**2 + self.mean**2) / (self.deals + 1))

    def means(self, random: np.random.Generator, number: int) -> Draws:
        """So many draws of the mean of all deals to come, for which the mean so far is but a sample."""
        return random.normal(self.mean, self.spread / sqrt(self.deals), number).clip(0)
