"""Time in a rung: by hand, against lifelines, and as often right as it says."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_time

from assay.domain.survival import Stay, time_in

DAY = 86_400.0


def test_a_small_history_by_hand():
    """Of six one leaves on each of days 1, 2 and 4; one waits since day 3, two since day 5.

    S = 5/6 after 1, then 4/6, and on day 4, with three of them known to be there, 4/6 * 2/3 = 4/9.
    """
    stays = [Stay(1 * DAY, 1), Stay(2 * DAY, 0, 1), Stay(3 * DAY, 0, 0, 1), Stay(4 * DAY, 1), Stay(5 * DAY, 0, 0, 2)]
    found = time_in("mql", stays)
    assert (found.median, found.p90) == (4 * DAY, None)
    assert (found.went_on, found.left, found.waiting) == (2, 1, 3)
    assert found.low == 2 * DAY  # 5/6 may be 0.52 at least, 4/6 but 0.36
    assert found.high is None
    assert found.few


def test_nobody_and_everybody():
    assert time_in("mql", []).median is None
    assert time_in("mql", [Stay(5, waiting=3)]).median is None
    gone = time_in("mql", [Stay(5, 40)])
    assert (gone.median, gone.p90, gone.low, gone.high, gone.few) == (5, 5, 5, 5, False)


STAYS = st.lists(
    st.builds(Stay, st.integers(1, 30).map(float), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40)
@given(STAYS)
def test_the_same_as_lifelines(stays: list[Stay]):
    lengths = [(row.seconds, ended) for row in stays for ended in [1] * (row.went_on + row.left) + [0] * row.waiting]
    if not lengths:
        return
    fitter = KaplanMeierFitter(alpha=0.2).fit([s for s, _ in lengths], [ended for _, ended in lengths])
    found = time_in("mql", stays)
    still = fitter.survival_function_.round(9)  # it takes 0.5000000001 for more than a half
    assert found.median == _known(qth_survival_time(0.5, still))
    assert found.p90 == _known(qth_survival_time(0.1, still))
    if still.iloc[-1, 0] > 0:  # at 0 lifelines draws the interval on as if somebody was there
        ends = median_survival_times(fitter.confidence_interval_.round(9))
        assert [found.low, found.high] == [_known(end) for end in ends.iloc[0]]


def _known(seconds: float) -> float | None:
    return None if math.isinf(seconds) else seconds


def test_the_interval_holds_the_median_as_often_as_it_says():
    """Stays of a known median (exponential), each followed for a time of its own."""
    chance, truth, held = random.Random(7), math.log(2), 0
    for _ in range(400):
        rows = []
        for _ in range(60):
            stay, followed = chance.expovariate(1), chance.uniform(0.5, 3)
            rows.append(Stay(min(stay, followed), stay <= followed, 0, stay > followed))
        found = time_in("mql", rows)
        held += found.low is not None and found.low <= truth and (found.high is None or truth < found.high)
    assert held / 400 == pytest.approx(0.8, abs=0.06)
