"""Whether one conversion is really higher than another, or may be so by chance."""

from assay.domain.funnel import Conversion
from assay.domain.what_if import DRAWS, SEED


def probably_higher(one: Conversion, other: Conversion) -> float | None:
    """How probable it is that the first is the higher: both drawn from their posteriors (Beta(1, 1) prior), seeded.

    None where either is no share of anything, so that there is nothing to compare.
    """
    if one.low is None or other.low is None or not (one.trials and other.trials):
        return None
    import numpy as np

    random = np.random.default_rng(SEED)
    first, second = (
        random.beta(1 + found.successes, 1 + found.trials - found.successes, DRAWS) for found in (one, other)
    )
    return float((first > second).mean())
