"""How far a leak could be mended: as far as the other steps of the same funnel show."""

from statistics import median

from assay.domain.funnel import Funnel
from assay.domain.what_if import Change

STEP = 0.05
"""Targets are whole multiples of this share."""


def mended(funnel: Funnel) -> Change | None:
    """The leakiest conversion brought to the median of the other ones from lead upwards, rounded to 5 %.

    With less to compare with, or where that is no gain, twice what it is today. None where nothing leaks.
    """
    leak = next((found for found in funnel.conversions if found.step == funnel.leakiest), None)
    if leak is None or leak.rate is None:
        return None
    others = [min(found.rate, 1.0) for found in funnel.conversions[1:] if found is not leak and found.rate is not None]
    target = round(median(others) / STEP) * STEP if others else 0.0
    if target <= leak.rate:
        target = min(1.0, max(STEP, 2 * leak.rate))
    return Change(leak.step, rate=round(target, 4)) if target > leak.rate else None
