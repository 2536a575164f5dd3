"""Times in rung as the passes say them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.domain.survival import Time
from assay.records.models import Lead
from assay.records.period import Period
from assay.records.slices import Slice
from assay.records.times import times
from tests.people import NOW, a_lead, an_mql, mara, observe, sam

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = 3_600.0, 86_400.0


def after(days: float) -> Period:
    return Period(NOW + timedelta(days=days), PARIS)


def by_step(period: Period, among: Slice | None = None, **how: bool) -> dict[str, Time]:
    return {time.step: time for time in times(period, among or Slice(), accept_is_sql=True, **how)}


def accepted(days: float) -> Lead:
    """An MQL since NOW, accepted after so many days."""
    lead = an_mql()
    gate.accept(lead.pk, actor(sam()), NOW + timedelta(days=days))
    return lead


def test_stays_end_by_going_on_or_out_and_the_others_wait() -> None:
    accepted(1)
    accepted(2.3)  # 2 days, 7 hours and 12 minutes: hours are fine enough
    gate.reject(an_mql().pk, actor(sam()), NOW + timedelta(hours=3, seconds=20), reason="wrong_person")
    an_mql()
    found = by_step(after(4))
    assert list(found) == ["lead", "mql", "sql", "opportunity"]
    assert found["mql"] == Time("mql", 1 * DAY, None, 3 * HOUR, None, went_on=2, waiting=1, left=1)
    assert (found["sql"].waiting, found["sql"].median) == (2, None)
    assert found["lead"].went_on == 4
    assert found["opportunity"] == Time("opportunity", None, None, None, None, 0, 0, 0)


def test_what_is_still_to_come_is_not_known_yet() -> None:
    accepted(1)
    found = by_step(after(0.5))
    assert (found["mql"].went_on, found["mql"].waiting) == (0, 1)
    assert found["sql"].waiting == 0


def test_a_disqualified_lead_has_left_and_a_recycled_one_waits_anew() -> None:
    work.disqualify(a_lead().pk, actor(mara()), NOW + timedelta(hours=2), reason="wrong_fit")
    work.recycle(accepted(0).pk, actor(sam()), NOW + timedelta(days=9), reason="not_now")
    found = by_step(after(12))
    assert (found["lead"].left, found["lead"].went_on, found["lead"].waiting) == (1, 1, 1)
    assert (found["sql"].left, found["sql"].median) == (1, 9 * DAY)


def test_cohort_and_flow_and_a_slice() -> None:
    observe(a_lead(), "demo_request", at=NOW + timedelta(days=20))
    since = Period(NOW + timedelta(days=30), PARIS, NOW + timedelta(days=10))
    assert by_step(since)["mql"].waiting == 0
    assert by_step(since, flow=True)["mql"].waiting == 1
    assert by_step(since, Slice(size="1-9"), flow=True)["mql"].waiting == 0


def test_accepting_may_be_a_step_of_its_own_and_each_rung_is_one_query() -> None:
    accepted(1)
    with CaptureQueriesContext(connection) as asked:
        found = times(after(2), accept_is_sql=False)
    assert [time.step for time in found] == ["lead", "mql", "sal", "sql", "opportunity"]
    assert len(asked) == 5
