"""What sources are worth: shares shrunk toward the mean, and ranges that hold as often as they say."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.shrinkage import shares
from assay.domain.sources import Tally, quality, total

COUNTS = st.lists(
    st.integers(0, 400).flatmap(lambda trials: st.tuples(st.just(trials), st.integers(0, trials))), min_size=1
)


def tally(name: str = "Ads", **said: object) -> Tally:
    return Tally(1, name, **said)  # type: ignore[arg-type]


def eur(amount: int) -> dict[str, Decimal]:
    return {"EUR": Decimal(amount)}


@given(COUNTS)
def test_a_shrunk_share_lies_between_its_own_and_that_of_the_others(counts: list[tuple[int, int]]) -> None:
    for share in shares(counts):
        assert 0 <= share.low < share.expected < share.high <= 1
        assert share.rate is None or share.few == (share.trials < 30)


def test_the_fewer_the_leads_the_nearer_to_the_mean() -> None:
    few, many, *_ = shares([(2, 2), (400, 48), (500, 50), (300, 30), (450, 60)])
    assert few.rate == 1
    assert few.expected < 0.25
    assert many.expected == pytest.approx(0.12, abs=0.02)


def test_too_few_sources_to_tell_how_they_vary_are_not_shrunk_toward_each_other() -> None:
    one, two = shares([(10, 9), (10, 1)])
    assert [one.expected, two.expected] == pytest.approx([10 / 12, 2 / 12], abs=0.01)


def test_eight_of_ten_ranges_hold_the_truth() -> None:
    random = np.random.default_rng(7)
    held = worse = 0
    for _ in range(60):
        truths = random.beta(6, 24, 20)
        trials = random.integers(5, 200, 20)
        found = shares([(int(n), int(random.binomial(n, p))) for n, p in zip(trials, truths, strict=True)])
        held += sum(share.low <= truth <= share.high for share, truth in zip(found, truths, strict=True))
        own = [abs((share.rate or 0) - truth) for share, truth in zip(found, truths, strict=True)]
        worse += sum(own) < sum(abs(share.expected - truth) for share, truth in zip(found, truths, strict=True))
    assert 0.76 < held / 1200 < 0.84
    assert worse < 12  # of sixty: shrunk shares are nearer to the truth nearly always


def test_money_of_one_currency_makes_a_return_and_mixed_money_none() -> None:
    ads = tally(leads=100, mql=40, accepted=20, opportunities=8, won=4, revenue=eur(60_000), cost=eur(20_000))
    free = tally("Referral", leads=20, mql=10, accepted=8, opportunities=4, won=2, revenue=eur(70_000))
    mixed = tally("Fair", leads=9, won=1, revenue={"USD": Decimal(5)}, cost=eur(100))
    lost = tally("List", leads=200, cost=eur(9_000))
    rows = {row.tally.source: row for row in quality([ads, mixed, lost, free], "EUR")}
    assert list(rows) == ["Referral", "Ads", "List", "Fair"]  # the most revenue first, then the most leads
    assert rows["Ads"].cost_per_deal == Decimal(5_000)
    returned = rows["Ads"].returned
    assert returned
    assert returned.times == 3
    assert returned.low
    assert returned.high
    assert returned.low < 3 < returned.high
    assert rows["Referral"].returned is None
    assert rows["Fair"].returned is None
    assert rows["List"].cost_per_deal is None
    nothing = rows["List"].returned
    assert nothing
    assert nothing.times == 0
    assert nothing.low is not None
    assert nothing.low < 0.1
    assert nothing.high
    assert nothing.high < returned.high  # nine thousand for two hundred leads and no deal


def test_nobody_has_won_anything_yet() -> None:
    [row] = quality([tally(leads=5, cost=eur(10))], "EUR")
    assert row.returned
    assert (row.returned.times, row.returned.low, row.returned.high) == (0, None, None)


def test_the_range_of_a_return_holds_what_as_many_leads_bring() -> None:
    random = np.random.default_rng(11)
    held = 0
    for _ in range(30):
        truths = random.beta(4, 36, 10)
        tallies = []
        for place, rate in enumerate(truths):
            won = int(random.binomial(300, rate))
            revenue = int(random.exponential(10_000, won).sum())
            tallies.append(tally(f"{place}", leads=300, won=won, revenue=eur(revenue), cost=eur(1_000)))
        for row in quality(tallies, "EUR"):
            truth = 300 * truths[int(row.tally.source)] * 10
            assert row.returned
            held += (row.returned.low or 0) <= truth <= (row.returned.high or 0)
    assert 0.75 < held / 300 < 0.86


def test_all_of_them_in_one() -> None:
    both = total([tally(leads=3, won=1, cost=eur(5)), tally(leads=4, cost=eur(7) | {"USD": Decimal(1)})])
    assert (both.leads, both.won, both.cost) == (7, 1, {"EUR": Decimal(12), "USD": Decimal(1)})
