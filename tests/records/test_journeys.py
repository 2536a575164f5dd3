"""The sources that touched the people of a deal: all of its company, up to its opening, each day once."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.attribution import Journey
from assay.domain.ladder import Rung
from assay.records.funnel import Period
from assay.records.journeys import journeys
from assay.records.slices import Slice
from tests.people import NOW, a_lead, a_lead_on, a_signal

pytestmark = pytest.mark.django_db

PERIOD = Period(NOW + timedelta(hours=1), ZoneInfo("Europe/Paris"))
BEFORE = NOW - timedelta(days=3)


def visits(email: str, *said: dict[str, str], days: int = 1) -> None:
    """Page views of somebody, each a minute after the other, some days before the deal is opened."""
    start = NOW - timedelta(days=days)
    rows = [
        a_signal("page_view", start + timedelta(minutes=place), email, properties=properties)
        for place, properties in enumerate(said)
    ]
    in_transaction(lambda: record_signals(rows, NOW))


def touches() -> list[tuple[str, ...]]:
    return [journey.touches for journey in journeys(PERIOD)]


def test_everybody_of_the_company_counts_up_to_the_opening() -> None:
    google, claude = {"referrer": "https://www.google.com/"}, {"entry_referrer": "https://claude.ai/"}
    colleague = a_lead(BEFORE, source="Fair", email="olga@north.example")
    a_lead(NOW + timedelta(minutes=5), source="Late", email="late@north.example")
    a_lead(BEFORE, source="Elsewhere", email="eva@south.example")
    visits(colleague.person.email, claude, claude, {"page": "nothing told"})
    visits(colleague.person.email, claude, days=2)
    visits(colleague.person.email, google, days=-1)
    a_lead_on(Rung.WON, NOW, source="Website", email="nina@north.example")
    [journey] = journeys(PERIOD)
    assert journey.touches == ("Fair", "Claude (assistant)", "Claude (assistant)", "Website")
    assert (journey.won, journey.revenue, journey.currency) == (True, Decimal(11_000), "EUR")


def test_a_lost_deal_is_a_journey_without_a_win_and_an_open_one_is_none() -> None:
    a_lead_on(Rung.LOST, source="Ads", email="a@one.example")
    a_lead_on(Rung.OPPORTUNITY, source="Ads", email="b@two.example")
    [journey] = journeys(PERIOD)
    assert journey == Journey(("Ads",), won=False)


def test_campaigns_are_told_apart_where_that_is_asked() -> None:
    visits("nina@north.example", {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "Brand"})
    a_lead_on(Rung.WON, source="Fair", campaign="Booth", email="nina@north.example")
    assert touches() == [("Google (ads)", "Fair")]
    assert [journey.touches for journey in journeys(PERIOD, "campaign")] == [("Google (ads) / Brand", "Fair / Booth")]


def test_a_part_of_the_leads_is_that_of_the_deals_and_everybody_touched_them() -> None:
    a_lead(BEFORE, source="Fair", email="olga@north.example")
    website = a_lead_on(Rung.WON, source="Website", email="nina@north.example").source_id
    a_lead_on(Rung.WON, source="Ads", email="eva@south.example")
    assert [journey.touches for journey in journeys(PERIOD, among=Slice(source=website))] == [("Fair", "Website")]


def test_the_number_of_queries_does_not_grow_with_the_deals() -> None:
    counted = []
    for number in range(3):
        a_lead_on(Rung.WON, email=f"nina@n{number}.example")
        with CaptureQueriesContext(connection) as queries:
            assert len(touches()) == number + 1
        counted.append(len(queries))
    assert counted == [3] * 3
