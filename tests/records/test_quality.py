"""What came of each source and campaign, against a history small enough to count by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import work
from assay.actions.actors import actor
from assay.actions.sources import count_visitors
from assay.actions.spend import enter_cost
from assay.domain.ladder import Rung
from assay.domain.rows import CostRow
from assay.domain.sources import total
from assay.records.funnel import Period, counts
from assay.records.models import Source
from assay.records.quality import By, tallies
from assay.records.slices import EVERYTHING, Slice
from tests.people import NOW, a_lead, a_lead_on, mara, sam

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
OCTOBER = Period(NOW, PARIS, datetime(2026, 10, 1, tzinfo=PARIS), datetime(2026, 11, 1, tzinfo=PARIS))


def spend(
    amount: int, first: date, last: date, source: str = "Ads", campaign: str | None = None, currency: str = "EUR"
):
    enter_cost(CostRow(source, campaign, first, last, Decimal(amount), currency), actor(mara()))


def by(which: By = "source", period: Period | None = None, among: Slice = EVERYTHING) -> dict[str, tuple[object, ...]]:
    found = tallies(period or Period(NOW, PARIS), which, among)
    return {
        f"{row.source}/{row.campaign}" if which == "campaign" else row.source: (
            *(row.visitors, row.leads, row.mql, row.accepted, row.opportunities, row.won),
            *(dict(row.revenue), dict(row.cost)),
        )
        for row in found
    }


def test_counts_revenue_and_cost_by_source_and_campaign() -> None:
    a_lead_on(Rung.WON, source="Ads", campaign="Brand")
    a_lead_on(Rung.MQL, source="ADS", campaign="Search")
    a_lead(source="Ads")
    a_lead_on(Rung.OPPORTUNITY, source="Referral")
    count_visitors(NOW.date(), "Ads", "Brand", 90)
    count_visitors(NOW.date(), "Ads", None, 10)
    spend(300, NOW.date(), NOW.date(), campaign="Brand")
    spend(50, NOW.date(), NOW.date(), currency="USD")
    eleven, brand = {"EUR": Decimal("11000")}, {"EUR": Decimal(300)}
    assert by() == {
        "Ads": (100, 3, 2, 1, 1, 1, eleven, brand | {"USD": Decimal(50)}),
        "Referral": (0, 1, 1, 1, 1, 0, {}, {}),
    }
    assert by("campaign") == {
        "Ads/None": (10, 1, 0, 0, 0, 0, {}, {"USD": Decimal(50)}),
        "Ads/Brand": (90, 1, 1, 1, 1, 1, eleven, brand),
        "Ads/Search": (0, 1, 1, 0, 0, 0, {}, {}),
        "Referral/None": (0, 1, 1, 1, 1, 0, {}, {}),
    }
    whole = counts(Period(NOW, PARIS))[""]
    assert (whole["lead"], whole["mql"], whole["sql"]) == (4, 3, 2)  # the funnel counts as we do


def test_a_recycled_lead_counts_once_with_all_it_brought() -> None:
    lead = a_lead_on(Rung.SQL, source="Ads")
    work.recycle(lead.pk, actor(sam()), NOW, reason="not_now")
    assert by() == {"Ads": (0, 1, 1, 1, 0, 0, {}, {})}


def test_of_a_cost_only_the_days_of_the_period_up_to_today_count() -> None:
    spend(310, date(2026, 10, 1), date(2026, 10, 31))
    spend(100, date(2026, 10, 27), date(2026, 11, 5), campaign="Late")  # five days of ten
    spend(30, date(2026, 11, 4), date(2026, 11, 6), source="Now")  # a third is spent
    assert [row[-1] for row in by("campaign", OCTOBER).values()] == [{"EUR": Decimal(310)}, {"EUR": Decimal("50.00")}]
    assert by()["Now"][-1] == {"EUR": Decimal("10.00")}
    assert by()["Ads"][-1] == {"EUR": Decimal("400.00")}


def test_the_leads_are_those_captured_in_the_period() -> None:
    a_lead(datetime(2026, 9, 30, 22, 30, tzinfo=PARIS), source="Old")
    a_lead(datetime(2026, 10, 1, 0, 30, tzinfo=PARIS), source="New")
    a_lead_on(Rung.WON, NOW - timedelta(days=20), source="New")
    assert by(period=OCTOBER) == {"New": (0, 2, 1, 1, 1, 1, {"EUR": Decimal(11_000)}, {})}


def test_a_part_of_the_leads_has_the_visitors_and_costs_of_its_source_and_none_by_anything_else() -> None:
    a_lead_on(Rung.WON, source="Ads")
    a_lead(source="Fair")
    count_visitors(NOW.date(), "Ads", None, 10)
    count_visitors(NOW.date(), "Fair", None, 20)
    spend(300, NOW.date(), NOW.date())
    ads, revenue = Source.objects.get(name="Ads").pk, {"EUR": Decimal(11_000)}
    assert by(among=Slice(source=ads)) == {"Ads": (10, 1, 1, 1, 1, 1, revenue, {"EUR": Decimal(300)})}
    owned = Slice(owner=sam().pk)
    assert by(among=owned) == {"Ads": (None, 1, 1, 1, 1, 1, revenue, {})}
    assert total(tallies(Period(NOW, PARIS), among=owned)).visitors is None
    assert by(among=Slice(country="JP", source=ads)) == {}


def test_the_number_of_queries_does_not_grow_with_the_sources() -> None:
    counted = []
    for number in range(4):
        a_lead(datetime(2026, 10, 5, tzinfo=PARIS), source=f"S{number}", campaign=f"C{number}")
        spend(5, date(2026, 10, 9), date(2026, 11, 9), source=f"S{number}")
        with CaptureQueriesContext(connection) as queries:
            tallies(OCTOBER, "campaign")
        counted.append(len(queries))
    assert counted == [7] * 4
