"""The open pipeline as the passes and deals say it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.domain.forecast import Offers, Standing
from assay.domain.ladder import Rung
from assay.records import pipeline as records
from assay.records.period import Period
from assay.records.pipeline import offers, pipeline, standings
from assay.records.slices import EVERYTHING, Slice
from tests.people import NOW, a_lead, a_lead_on, an_mql, an_opportunity, an_sql, sam

pytestmark = pytest.mark.django_db

PERIOD = Period(NOW + timedelta(days=1), ZoneInfo("Europe/Paris"))


def some() -> None:
    """A raw lead, an MQL, one rejected, an SQL, one recycled, two open deals, one lost, one won."""
    a_lead()
    an_mql()
    gate.reject(an_mql().pk, actor(sam()), NOW, reason="too_early")
    an_sql(source="Fair")
    work.recycle(an_sql().pk, actor(sam()), NOW, reason="not_now")
    an_opportunity()
    an_opportunity(source="Fair")
    a_lead_on(Rung.LOST)
    a_lead_on(Rung.WON)


def test_who_stands_where_and_how_those_before_fared() -> None:
    some()
    assert standings(PERIOD, EVERYTHING, accept_is_sql=True) == [
        Standing("mql", 1, 6, 1),
        Standing("sql", 1, 4, 1),
        Standing("opportunity", 2, 1, 1),
    ]
    assert offers(PERIOD, EVERYTHING) == [Offers("EUR", [12_000.0, 12_000.0])]
    found = pipeline(PERIOD, accept_is_sql=True)
    # 7/9 of MQL, 5/7 of SQL and a half of the deals go on, with the prior.
    assert found.deals.value == pytest.approx(7 / 9 * 5 / 7 / 2 + 5 / 7 / 2 + 2 / 2)
    assert found.revenue["EUR"].value == pytest.approx(12_000 + (7 / 9 + 1) * 5 / 7 / 2 * 11_000)


def test_a_part_of_the_pipeline_by_its_own_history() -> None:
    some()
    fair = Slice(source=an_mql(source="Fair").source_id)
    assert standings(PERIOD, fair, accept_is_sql=True) == [
        Standing("mql", 1, 2, 0),
        Standing("sql", 1, 1, 0),
        Standing("opportunity", 1, 0, 0),
    ]
    assert offers(PERIOD, fair) == [Offers("EUR", [12_000.0])]


def test_the_period_limits_what_is_learnt_from_and_not_what_is_open() -> None:
    some()
    later = Period(PERIOD.now, PERIOD.zone, NOW + timedelta(hours=1))
    assert standings(later, EVERYTHING, accept_is_sql=True)[1:] == [
        Standing("sql", 1, 0, 0),
        Standing("opportunity", 2, 0, 0),
    ]


def test_the_largest_deals_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "ALONE", 1)
    an_opportunity()
    an_opportunity()
    assert offers(PERIOD, EVERYTHING) == [Offers("EUR", [12_000.0], 1, 12_000.0)]
    with CaptureQueriesContext(connection) as asked:
        pipeline(PERIOD, accept_is_sql=True)
    assert len(asked) == 4
