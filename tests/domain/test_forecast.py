"""What the open pipeline brings: by hand, and as often right as it says."""

import numpy as np
import pytest

from assay.domain.forecast import Offers, Standing, forecast
from assay.domain.worth import Worth

MQL, SQL, DEAL = Standing("mql", 40, 30, 68), Standing("sql", 10, 49, 49), Standing("opportunity", 3, 24, 74)
"""Of 98 each: 31/100 go on from MQL, a half from SQL, a quarter of the deals is won, with the prior."""
OPEN = Offers("EUR", [30_000, 20_000, 10_000])
WON = Worth(25, 12_000, 3_000, "EUR")


def test_each_rung_brings_what_is_open_times_what_goes_on():
    found = forecast([MQL, SQL, DEAL], [OPEN], [WON])
    assert [rung.step for rung in found.rungs] == ["mql", "sql", "opportunity"]
    assert [rung.chance.value for rung in found.rungs] == pytest.approx([0.31 / 8, 1 / 8, 1 / 4])
    assert [rung.deals.value for rung in found.rungs] == pytest.approx([40 * 0.31 / 8, 10 / 8, 3 / 4])
    assert found.deals.value == pytest.approx(3.55)
    assert found.deals.low <= 3 <= found.deals.high
    assert found.revenue["EUR"].value == pytest.approx(60_000 / 4 + 2.8 * 12_000)
    assert found == forecast([MQL, SQL, DEAL], [OPEN], [WON])


def test_currencies_stay_apart():
    dollars = Worth(75, 8_000, 0, "USD")
    found = forecast([MQL, SQL, DEAL], [OPEN], [WON, dollars])
    assert found.revenue["EUR"].value == pytest.approx(15_000 + 2.8 / 4 * 12_000)
    assert found.revenue["USD"].value == pytest.approx(2.8 * 3 / 4 * 8_000)


def test_as_long_as_nothing_was_won_only_open_deals_have_a_value():
    assert forecast([MQL, SQL, DEAL], [OPEN], []).revenue["EUR"].value == pytest.approx(15_000)
    nothing = forecast([Standing("mql", 0, 0, 0), Standing("opportunity", 0, 0, 0)], [], [])
    assert (nothing.deals.value, nothing.deals.high, nothing.revenue) == (0, 0, {})
    assert all(rung.few for rung in nothing.rungs)


def test_few_ahead_make_a_rung_uncertain():
    found = forecast([MQL, Standing("sql", 10, 5, 5), DEAL], [OPEN], [WON])
    assert [rung.few for rung in found.rungs] == [True, True, False]


def test_many_deals_are_forecast_like_each_of_them():
    many = Standing("opportunity", 500, 240, 740)
    apart = forecast([many], [Offers("EUR", [1_000.0] * 500)], [])
    together = forecast([many], [Offers("EUR", [1_000.0] * 200, 300, 1_000.0)], [])
    for end in ("low", "high"):
        assert getattr(together.revenue["EUR"], end) == pytest.approx(getattr(apart.revenue["EUR"], end), rel=0.02)
        assert getattr(apart.revenue["EUR"], end) == pytest.approx(1_000 * getattr(apart.deals, end))


def test_the_interval_holds_what_happens_as_often_as_it_says():
    """Teams whose true shares are as likely any: their past, their pipeline, and what became of it."""
    random = np.random.default_rng(11)
    deals, revenue, rounds = 0, 0, 300
    for _ in range(rounds):
        go_on = random.uniform(size=2)
        past = random.binomial(60, go_on)
        first, last = (
            Standing(step, 80, int(on), 60 - int(on)) for step, on in zip(("sql", "opportunity"), past, strict=True)
        )
        values = random.uniform(5_000, 40_000, 80)
        won_before = random.normal(20_000, 5_000, 30)
        found = forecast(
            [first, last],
            [Offers("EUR", values.tolist())],
            [Worth(30, round(won_before.mean()), float(won_before.std()), "EUR")],
        )
        wins, later = random.uniform(size=80) < go_on[1], random.binomial(80, go_on.prod())
        brought = values[wins].sum() + random.normal(20_000, 5_000, later).sum()
        deals += found.deals.low <= wins.sum() + later <= found.deals.high
        revenue += found.revenue["EUR"].low <= brought <= found.revenue["EUR"].high
    assert deals / rounds == pytest.approx(0.8, abs=0.07)
    assert revenue / rounds == pytest.approx(0.8, abs=0.07)
