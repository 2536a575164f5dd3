"""More at the top, or a leak mended: what comes of it, and which step is the best to mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import BadInput
from assay.domain.funnel import Funnel, funnel
from assay.domain.what_if import Change, levers, needed, needed_for_revenue, parse_change, what_if
from assay.domain.worth import Worth

MONTH = {"visitor": 10_000, "lead": 250, "mql": 78, "sal": 10, "sql": 10, "opportunity": 4, "won": 1}


def month() -> Funnel:
    """The worked example."""
    return funnel(MONTH, accept_is_sql=True)


def times(*changes: str) -> float | None:
    return what_if(month(), [parse_change(text) for text in changes]).times_today


def test_mending_the_leak_gives_more_than_doubling_the_top():
    assert times("mql_to_sql=30%") == pytest.approx(0.30 / (10 / 78))
    assert f"{times('mql_to_sql=30%'):.1f}" == "2.3"
    assert times("visitors=x2") == pytest.approx(2)


def test_several_changes_count_together():
    assert times("visitors=x2", "mql_to_sql=30%") == pytest.approx(2 * 0.30 / (10 / 78))


def test_a_volume_in_the_middle_multiplies_what_is_below():
    assert times("mqls=156") == pytest.approx(2)
    assert times("leads=125") == pytest.approx(0.5)


def test_a_share_never_passes_the_whole():
    assert times("opportunity_to_won=x10") == pytest.approx(4)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("mql_to_sql=30%", Change("mql_to_sql", rate=0.3)),
        ("mql_to_sql=0.3", Change("mql_to_sql", rate=0.3)),
        ("mql_to_sql=30", Change("mql_to_sql", rate=0.3)),
        ("MQL_to_SQL = x1,5", Change("mql_to_sql", factor=1.5)),
        ("lead_to_mql=+10%", Change("lead_to_mql", factor=1.1)),
        ("visitors=-25%", Change("visitor", factor=0.75)),
        ("visitors=x2", Change("visitor", factor=2)),
        ("opportunities=8", Change("opportunity", count=8)),
        ("leads=120%", Change("lead", factor=1.2)),
    ],
)
def test_changes_as_people_write_them(text: str, change: Change):
    assert parse_change(text) == change


@pytest.mark.parametrize("text", ["", "more", "visitors", "visitors=", "visitors=+5", "visitors=many", "=3"])
def test_what_is_no_change_is_said(text: str):
    with pytest.raises(BadInput, match=r"Write"):
        parse_change(text)


@pytest.mark.parametrize("text", ["sales=x2", "won=5", "mql_to_won=3%", "mql_to_sql=130%"])
def test_what_the_funnel_cannot_have_is_said(text: str):
    with pytest.raises(BadInput):
        what_if(month(), [parse_change(text)])


def test_a_volume_that_is_not_there_cannot_be_compared():
    with pytest.raises(BadInput, match="no lead today"):
        what_if(funnel({}, accept_is_sql=True), [parse_change("leads=10")])


def test_without_a_deal_there_is_a_range_and_no_comparison():
    outcome = what_if(funnel({**MONTH, "won": 0}, accept_is_sql=True), [parse_change("mql_to_sql=30%")])
    assert outcome.times_today is None
    assert outcome.then.value is None
    assert outcome.then.low > outcome.today.low > 0


def test_the_same_question_has_the_same_answer():
    assert what_if(month(), [parse_change("visitors=x3")]) == what_if(month(), [parse_change("visitors=x3")])
    assert levers(month()) == levers(month())


@given(
    visitors=st.integers(1, 100_000),
    shares=st.lists(st.floats(0.01, 1), min_size=5, max_size=5),
    factor=st.floats(0.1, 10),
)
def test_the_range_moves_with_the_volume(visitors: int, shares: list[float], factor: float):
    counts, left = {}, float(visitors)
    for step, share in zip(("visitor", "lead", "mql", "sql", "opportunity", "won"), [1.0, *shares], strict=True):
        left *= share
        counts[step] = int(left)
    outcome = what_if(funnel(counts, accept_is_sql=True), [Change("visitor", factor=factor)])
    assert outcome.then.low == pytest.approx(outcome.today.low * factor)
    assert outcome.then.high == pytest.approx(outcome.today.high * factor)
    assert outcome.then.low <= outcome.then.high


def test_how_many_leads_so_many_deals_need():
    estimate = needed(month(), 10)
    assert estimate.value == pytest.approx(2_500)
    assert estimate.low < 2_500 < estimate.high
    assert needed(month(), 1, "mql").value == pytest.approx(78)
    with pytest.raises(BadInput):
        needed(month(), 0)


def test_the_best_lever_is_the_leak_and_says_how_sure_that_is():
    best, *others = levers(month())
    assert best.step == "mql_to_sql"
    assert 0.5 < best.probability < 1
    assert best.probability + sum(lever.probability for lever in others) == pytest.approx(1)
    assert "visitor_to_lead" not in [lever.step for lever in others]


def test_with_more_of_the_same_it_is_surer():
    many = funnel({step: count * 100 for step, count in MONTH.items()}, accept_is_sql=True)
    assert levers(many)[0].probability > levers(month())[0].probability
    narrow, wide = what_if(many, []).today, what_if(month(), []).today
    assert narrow.high / narrow.low < wide.high / wide.low


WORTH = Worth(4, 10_000, 8_000, "EUR")


def test_revenue_stands_beside_deals():
    outcome = what_if(month(), [parse_change("visitors=x2")], WORTH)
    assert outcome.currency == "EUR"
    assert outcome.revenue_today
    assert outcome.revenue_then
    assert (outcome.revenue_today.value, outcome.revenue_then.value) == pytest.approx((10_000, 20_000))
    # What a deal brings is not certain either, so the range is wider than that of the deals.
    assert outcome.revenue_then.low < outcome.then.low * 10_000 < outcome.then.high * 10_000 < outcome.revenue_then.high
    assert what_if(month(), []).revenue_today is None


def test_a_lever_says_what_it_adds():
    best = levers(month(), 0.1, WORTH)[0]
    assert best.times_today
    assert best.revenue
    assert best.revenue.value == pytest.approx((best.times_today - 1) * 10_000)
    assert best.revenue.low < best.revenue.high
    assert [lever.probability for lever in levers(month(), 0.1, WORTH)] == [one.probability for one in levers(month())]
    assert levers(month())[0].revenue is None


def test_how_many_leads_so_much_revenue_needs():
    estimate = needed_for_revenue(month(), 100_000, WORTH)
    assert estimate.value == pytest.approx(2_500)
    assert estimate.low < needed(month(), 10).low
    assert estimate.high > needed(month(), 10).high
    with pytest.raises(BadInput):
        needed_for_revenue(month(), 0, WORTH)


def test_one_deal_says_little_of_what_the_next_brings():
    one, many = Worth(1, 10_000, 0, "EUR"), Worth(100, 10_000, 0, "EUR")
    wide, narrow = (levers(month(), 0.1, worth)[0].revenue for worth in (one, many))
    assert wide
    assert narrow
    assert wide.high - wide.low > narrow.high - narrow.low
