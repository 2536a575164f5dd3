"""The funnel's counts: each lead once by cohort, each pass by flow, and days where the policy counts them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.actions.edits import correct
from assay.actions.policies import rule
from assay.actions.sources import count_visitors
from assay.domain.funnel import STEPS
from assay.domain.ladder import Rung
from assay.records.funnel import Period, counts
from assay.records.slices import Dimension, Slice
from tests.people import NOW, a_lead, a_lead_on, a_rule, an_mql, mara, max_, observe, sam, sia

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
TOMORROW = NOW + timedelta(days=1)


def numbers(period: Period, *, flow: bool = False) -> list[int | None]:
    return list(counts(period, flow=flow)[""].values())


def a_recycled_mql() -> None:
    """A lead that was lost, came back, and is an MQL again on its second pass."""
    lead = a_lead_on(Rung.LOST)
    work.recycle(lead.pk, actor(sam()), NOW, reason="not_now")
    again = NOW + timedelta(days=40)
    observe(lead, "demo_request", at=again)


def test_an_empty_database_has_an_empty_funnel() -> None:
    assert counts(Period(NOW, PARIS)) == {"": dict.fromkeys(STEPS, 0)}
    assert counts(Period(NOW, PARIS), by="source") == {}


def test_a_skipped_rung_counts_as_passed() -> None:
    a_lead_on(Rung.PQL)
    a_lead_on(Rung.SQL)
    assert numbers(Period(NOW, PARIS)) == [0, 2, 2, 1, 1, 0, 0]


def test_a_recycled_lead_counts_once_by_cohort_and_once_a_pass_by_flow() -> None:
    a_recycled_mql()
    later = Period(NOW + timedelta(days=50), PARIS)
    assert numbers(later) == [0, 1, 1, 1, 1, 1, 0]
    assert numbers(later, flow=True) == [0, 2, 2, 1, 1, 1, 0]


def test_what_a_later_pass_reached_first_counts_by_cohort() -> None:
    lead = a_lead_on(Rung.DISQUALIFIED)
    work.reopen(lead.pk, actor(mara()), NOW, text="New director")
    observe(lead, "demo_request", at=TOMORROW)
    assert numbers(Period(TOMORROW, PARIS)) == [0, 1, 1, 0, 0, 0, 0]


def test_a_cohort_is_followed_up_to_now_and_no_further() -> None:
    observe(a_lead(), "demo_request", at=TOMORROW)
    assert numbers(Period(NOW, PARIS)) == [0, 1, 0, 0, 0, 0, 0]
    assert numbers(Period(TOMORROW, PARIS)) == [0, 1, 1, 0, 0, 0, 0]


def test_a_period_includes_its_start_and_excludes_its_end() -> None:
    an_mql()
    second = timedelta(seconds=1)
    for flow in (False, True):
        assert numbers(Period(TOMORROW, PARIS, start=NOW, end=NOW + second), flow=flow)[1] == 1
        assert numbers(Period(TOMORROW, PARIS, start=NOW + second), flow=flow)[1] == 0
        assert numbers(Period(TOMORROW, PARIS, end=NOW), flow=flow)[1] == 0


def test_visitors_are_counted_by_days_of_the_policys_zone() -> None:
    for day, visitors in ((3, 10), (4, 5), (5, 1)):
        count_visitors(NOW.date().replace(day=day), "Website", None, visitors)
    midnight = datetime(2026, 11, 4, tzinfo=PARIS)
    the_fourth = Period(TOMORROW, PARIS, start=midnight, end=midnight + timedelta(days=1))
    assert numbers(the_fourth)[0] == 5
    assert numbers(Period(datetime(2026, 11, 4, 23, 30, tzinfo=UTC), PARIS))[0] == 16
    assert numbers(Period(NOW, PARIS))[0] == 15


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("source", {"Website": [7, 1, 0], "Fair": [0, 1, 1]}),
        ("campaign", {"": [3, 1, 0], "Booth": [0, 1, 1], "Autumn": [4, 0, 0]}),
        ("owner", {"": [None, 2, 1]}),
    ],
)
def test_segments(by: Dimension, expected: dict[str, list[int | None]]) -> None:
    count_visitors(NOW.date(), "Website", None, 3)
    count_visitors(NOW.date(), "Website", "Autumn", 4)
    a_lead()
    an_mql(source="Fair", campaign="Booth")
    found = counts(Period(NOW, PARIS), by=by)
    assert {name: list(steps.values())[:3] for name, steps in found.items()} == expected


@pytest.mark.parametrize(("by", "queries"), [(None, 2), ("source", 3), ("month", 3), ("size", 1)])
@pytest.mark.parametrize("flow", [False, True])
def test_a_few_queries_are_enough(by: Dimension | None, queries: int, flow: bool) -> None:
    for _ in range(3):
        an_mql()
    with CaptureQueriesContext(connection) as asked:
        counts(Period(NOW, PARIS), flow=flow, by=by)
    assert len(asked) == queries


# --- Segments and slices --------------------------------------------------------------------------------------


def leads_to_sql(among: Slice, period: Period | None = None) -> list[int | None]:
    return list(counts(period or Period(TOMORROW, PARIS), among=among)[""].values())[:5]


def by_each(by: Dimension, period: Period | None = None) -> dict[str, list[int | None]]:
    found = counts(period or Period(TOMORROW, PARIS), by=by)
    return {name: list(steps.values())[1:5] for name, steps in found.items()}


def test_the_company_of_a_lead_says_its_size_and_country() -> None:
    a_lead(employees=9, email="a@nine.example", country="DE")
    an_mql(employees=10, email="b@ten.example", country="DE", budget=50_000)
    a_lead(employees=49.0, email="d@more.example", country="Germany")
    a_lead(employees=None, country=None, email="c@gmail.com")
    assert by_each("size") == {"1-9": [1, 0, 0, 0], "10-49": [2, 1, 0, 0], "": [1, 0, 0, 0]}
    assert by_each("country") == {"DE": [3, 1, 0, 0], "": [1, 0, 0, 0]}
    assert leads_to_sql(Slice(size="10-49", country="DE")) == [None, 2, 1, 0, 0]
    assert leads_to_sql(Slice(size="")) == [None, 1, 0, 0, 0]


def test_corrected_data_moves_a_lead_to_another_segment() -> None:
    lead = an_mql()
    correct(lead.pk, actor(mara()), NOW, {"company.employees": 3, "company.country": "US"})
    assert by_each("size") == {"1-9": [1, 1, 0, 0]}
    assert by_each("country") == {"US": [1, 1, 0, 0]}


def test_a_promotion_keeps_the_policy_and_the_temperature_it_was_made_with() -> None:
    first = rule(NOW).version
    lead = an_mql()
    second = a_rule(("threshold = 100", "threshold = 101"), at=NOW).pk
    observe(lead, "page_view", at=NOW + timedelta(days=60))
    a_lead(NOW + timedelta(days=60))
    later = Period(NOW + timedelta(days=61), PARIS)
    assert by_each("policy", later) == {str(first): [1, 1, 0, 0], "": [1, 0, 0, 0]}
    assert by_each("temperature", later) == {"hot": [1, 1, 0, 0], "": [1, 0, 0, 0]}
    assert leads_to_sql(Slice(policy=second), later) == [None, 0, 0, 0, 0]
    assert leads_to_sql(Slice(policy=first, temperature="hot"), later)[1:] == [1, 1, 0, 0]


def test_each_owner_of_a_lead_has_it_once() -> None:
    lead = a_lead_on(Rung.SQL)
    work.recycle(lead.pk, actor(sam()), NOW, reason="not_now")
    again = NOW + timedelta(days=40)
    observe(lead, "demo_request", at=again)
    gate.accept(lead.pk, actor(sam()), again)
    work.assign(lead.pk, actor(max_()), NOW, sia().pk)
    later = Period(again, PARIS)
    assert by_each("owner", later) == {"sam@assay.example": [1, 1, 1, 1], "sia@assay.example": [1, 1, 1, 1]}
    assert list(counts(later)[""].values())[1:5] == [1, 1, 1, 1]
    work.recycle(lead.pk, actor(max_()), again, reason="not_now")
    third = again + timedelta(days=40)
    observe(lead, "demo_request", at=third)
    gate.accept(lead.pk, actor(sam()), third)
    assert by_each("owner", Period(third, PARIS))["sam@assay.example"] == [1, 1, 1, 1]
    assert leads_to_sql(Slice(owner=sam().pk), Period(third, PARIS)) == [None, 1, 1, 1, 1]


def test_a_lead_that_comes_back_without_an_owner_counts_once() -> None:
    work.reopen(a_lead_on(Rung.DISQUALIFIED).pk, actor(mara()), NOW, text="New director")
    assert by_each("owner") == {"": [1, 0, 0, 0]}
    assert by_each("temperature") == {"": [1, 0, 0, 0]}


def test_cohorts_by_month_begin_where_the_policy_is_at_home() -> None:
    midnight = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    for at in (midnight - timedelta(hours=1), midnight, NOW):
        a_lead(at)
    count_visitors(midnight.date(), "Website", None, 7)
    found = counts(Period(TOMORROW, PARIS), by="month")
    assert {month: list(steps.values())[:2] for month, steps in found.items()} == {"2026-10": [7, 1], "2026-11": [0, 2]}


def test_a_source_and_a_campaign_have_visitors_of_their_own() -> None:
    count_visitors(NOW.date(), "Website", None, 3)
    count_visitors(NOW.date(), "Fair", "Booth", 4)
    lead = an_mql(source="Fair", campaign="Booth")
    a_lead()
    assert leads_to_sql(Slice(source=lead.source_id)) == [4, 1, 1, 0, 0]
    assert leads_to_sql(Slice(source=lead.source_id, campaign=lead.campaign_id)) == [4, 1, 1, 0, 0]
    assert leads_to_sql(Slice(campaign=lead.campaign_id, size="1-9")) == [None, 0, 0, 0, 0]
