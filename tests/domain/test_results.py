"""This period against the last: by hand, against scipy, and as seldom wrong as it says."""

import numpy as np
import pytest
from scipy.stats import binomtest, mannwhitneyu

from assay.domain.results import KINDS, Achieved, Effort, Result, results

DAY = 86_400.0
NOW = Achieved(
    leads=100,
    won=10,
    cycles=[(2 * DAY, 4), (5 * DAY, 6)],
    revenue=50_000,
    squares=10 * 5_000.0**2,
    cost=10_000,
    effort=Effort(600, 300, 60_000, 30_000),
)
BEFORE = Achieved(
    leads=200,
    won=5,
    cycles=[(9 * DAY, 3), (11 * DAY, 2)],
    revenue=20_000,
    squares=5 * 4_000.0**2,
    cost=10_000,
    effort=Effort(500, 100, 50_000, 10_000),
)


def by_name(now: Achieved = NOW, before: Achieved = BEFORE) -> dict[str, Result]:
    return {result.name: result for result in results(now, before, "EUR")}


def test_what_both_periods_brought():
    found = by_name()
    assert {name: (one.now, one.before, one.unit) for name, one in found.items()} == {
        "sales_cycle": (5, 9, "days"),
        "conversion": (0.1, 0.025, "share"),
        "cost_per_deal": (1_000, 2_000, "EUR"),
        "return_on_spend": (5, 2, "times"),
        "time_well_spent": (0.5, 0.2, "share"),
    }
    assert list(found) == list(KINDS)
    assert all(one.better for one in found.values())
    assert {name for name, one in found.items() if one.chance} == {
        "cost_per_deal",
        "return_on_spend",
        "time_well_spent",
    }
    assert [found[name].told for name in ("sales_cycle", "cost_per_deal")] == ["better", "could be chance"]


def test_the_tests_are_those_they_are_called():
    found = by_name()
    lengths = [2] * 4 + [5] * 6, [9] * 3 + [11] * 2
    assert found["sales_cycle"].p == pytest.approx(mannwhitneyu(*lengths).pvalue)
    assert found["conversion"].p == pytest.approx(binomtest(10, 15, 1 / 3).pvalue)
    assert found["cost_per_deal"].p == pytest.approx(binomtest(10, 15, 1 / 2).pvalue)
    # 50,000 where 35,000 would be expected, with a deviation of sqrt((10 * 25 + 5 * 16) / 4) thousand: 1.65.
    assert found["return_on_spend"].p == pytest.approx(0.0986, abs=0.0001)
    # Of both 4/11 is well spent. Variances (7^2 + 4^2) / 11^2 * 30,000 / 600^2 and (7^2 * 10,000 + 4^2 * 40,000) / 11^2
    # / 500^2: 0.3 is 1.047 deviations.
    assert found["time_well_spent"].p == pytest.approx(0.2952, abs=0.0005)


def test_what_cannot_be_told_is_not_compared():
    assert all(result.chance and result.p is None and result.better is None for result in by_name(Achieved()).values())
    mixed = by_name(Achieved(leads=10, won=3, revenue=None, cost=None))
    assert [mixed[name].now for name in ("conversion", "cost_per_deal", "return_on_spend")] == [0.3, None, None]
    assert mixed["return_on_spend"].told == "nothing to compare with"
    assert by_name(Achieved(leads=10, cost=500.0))["cost_per_deal"].now is None


def test_without_a_difference_one_is_seldom_seen():
    """Many pairs of periods of one and the same team; the exact tests may be more careful than they say."""
    random = np.random.default_rng(5)
    wrong = dict.fromkeys(KINDS, 0)
    rounds = 400
    for _ in range(rounds):
        for name, one in by_name(_made(random), _made(random)).items():
            wrong[name] += not one.chance
    assert all(count / rounds < 0.08 for count in wrong.values()), wrong
    assert all(wrong[name] / rounds > 0.02 for name in ("sales_cycle", "return_on_spend", "time_well_spent")), wrong


def _made(random: np.random.Generator) -> Achieved:
    """A period in which about 40 deals of very different values were won."""
    values = random.lognormal(9, 0.8, random.poisson(40))
    minutes = random.choice([10.0, 20.0, 60.0, 130.0], 80)
    well = minutes * (random.uniform(size=80) < 0.4)
    return Achieved(
        leads=1_000,
        won=len(values),
        cycles=[(length, 1) for length in random.exponential(30 * DAY, len(values))],
        revenue=float(values.sum()),
        squares=float((values**2).sum()),
        cost=9_000,
        effort=Effort(minutes.sum(), well.sum(), (minutes**2).sum(), (well**2).sum()),
    )
