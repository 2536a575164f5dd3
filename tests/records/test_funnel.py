"""The funnel's counts: each lead once by cohort, each pass by flow, and days where the policy counts them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import work
from assay.actions.actors import actor
from assay.actions.sources import count_visitors
from assay.domain.funnel import STEPS
from assay.domain.ladder import Rung
from assay.records.funnel import Dimension, Period, counts
from tests.people import NOW, a_lead, a_lead_on, an_mql, mara, observe, sam

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


@pytest.mark.parametrize("by", [None, "source"])
@pytest.mark.parametrize("flow", [False, True])
def test_two_queries_are_enough(by: Dimension | None, flow: bool) -> None:
    for _ in range(3):
        an_mql()
    with CaptureQueriesContext(connection) as queries:
        counts(Period(NOW, PARIS), flow=flow, by=by)
    assert len(queries) == 2
