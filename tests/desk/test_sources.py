"""Sources: what each brought down to its return, whom won deals are owed to, and costs entered and removed."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from assay.actions.actors import actor
from assay.actions.spend import enter_cost
from assay.domain.ladder import Rung
from assay.domain.rows import CostRow
from assay.records.models import Spend
from tests.desk.reading import browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, mara, sam, vic

pytestmark = pytest.mark.django_db

DAY = NOW.date()
COST = {
    "source": "Ads",
    "campaign": "",
    "first": "2026-11-01",
    "last": "2026-11-04",
    "amount": "500",
    "currency": "eur",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


def spend(amount: int, source: str = "Ads", campaign: str | None = None, currency: str = "EUR") -> None:
    enter_cost(CostRow(source, campaign, DAY, DAY, Decimal(amount), currency), actor(mara()))


def table(name: str, query: str) -> list[dict[str, str]]:
    """A table as a spreadsheet reads it."""
    answer = browser(vic()).get(f"/sources/{name}.csv{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def named(query: str) -> list[str]:
    """The sources, or campaigns, that the page has a line for."""
    return [row.tally.called for row in browser(vic()).get(f"/sources/{query}").context["rows"]]


def test_each_source_down_to_its_return() -> None:
    a_lead_on(Rung.WON, source="Ads", campaign="Brand")
    a_lead(source="Fair")
    a_lead(NOW - timedelta(days=200), source="Long ago")
    spend(2_000)
    spend(7, "Fair", currency="USD")
    page = text(browser(vic()).get("/sources/"))
    assert "1 of 1" in page
    drawn = browser(vic()).get("/sources/").context["picture"]
    assert re.search(r"^Became MQL, 80% range\. Ads: 1, \d+%; Fair: 1, \d+%\.$", drawn.words)
    assert b"Fair" in browser(vic()).get(drawn.address).content
    assert "€11,000 €2,000 €2,000 a deal 5.5×" in page
    assert "Amounts in USD are not counted here" in page
    assert named("") == ["Ads", "Fair"]
    linked = browser(vic()).get("/sources/").content.decode().partition('href="/leads/?source=')[2].partition('"')[0]
    assert linked.endswith("&amp;since=2026-08-07")
    assert "Long ago" in named("?days=365")
    assert "Brand" in text(browser(vic()).get("/sources/?by=campaign"))
    dates = browser(vic()).get("/sources/?since=2026-04-01&until=2026-04-10")
    assert "Nothing came" in text(dates)
    assert "This is before the first day." in text(browser(vic()).get("/sources/?since=2026-11-02&until=2026-11-01"))


def test_the_picture_tells_campaigns_of_one_name_apart() -> None:
    for source in ("Ads", "Fair"):
        a_lead(source=source, campaign="Spring")
    a_lead(source="Fair", campaign="Winter")
    words = browser(vic()).get("/sources/?by=campaign").context["picture"].words
    assert all(f" {name}: 1," in words for name in ("Ads: Spring", "Fair: Spring", "Winter"))


def test_whom_won_deals_are_owed_to() -> None:
    page = browser(vic()).get("/sources/attribution/")
    assert "No deal was won" in text(page)
    a_lead(source="Fair", email="olga@north.example")
    a_lead_on(Rung.WON, source="Ads", email="nina@north.example")
    page = browser(vic()).get("/sources/attribution/")
    assert page.context["won"] == 1
    assert [row.source for row in page.context["rows"]] == ["Ads", "Fair"]
    assert "€5,500 0.5 of 1" in text(page)
    assert not browser(vic()).get("/sources/attribution/?since=2026-11-05").context["rows"]


def test_a_part_of_the_leads_is_an_address_a_chip_and_a_file() -> None:
    ads = a_lead_on(Rung.WON, source="Ads", campaign="Brand")
    a_lead(source="Fair", email="eva@south.example")
    spend(2_000)
    assert named(f"?source={ads.source_id}&by=campaign") == ["Ads / Brand", "Ads"]
    by_campaign = browser(vic()).get(f"/sources/?campaign={ads.campaign_id}")
    assert [chip.text for chip in by_campaign.context["filters"].chips()] == ["Campaign: Ads: Brand"]
    assert f"source={ads.source_id}&amp;campaign={ads.campaign_id}&amp;since=" in by_campaign.content.decode()
    owned = f"?owner={sam().pk}&since=2026-11-01&until=2026-11-30"
    page = browser(vic()).get(f"/sources/{owned}")
    [chip] = page.context["filters"].chips()
    assert (chip.text, chip.without) == ("Owner: Sam", "since=2026-11-01&until=2026-11-30")
    assert "By owner, size and the like they are not known" in text(page)
    assert "2,000" not in text(page)
    [line] = table("sources", owned)
    assert (line["source"], line["visitors"], line["cost"], line["won"]) == ("Ads", "", "", "1")
    assert [row["source"] for row in table("attribution", owned)] == ["Ads"]
    assert table("attribution", "?size=1000%2B") == table("sources", "?size=1000%2B") == []
    other = browser(vic()).get("/sources/?size=1000%2B")
    assert "Clear filters" in text(other)


def test_the_picture_says_what_the_table_does() -> None:
    for number in range(14):
        a_lead_on(Rung.MQL, source=f"Source {number}")
    spend(20, "Only a cost")
    page = browser(vic()).get("/sources/")
    assert page.context["picture"].words.startswith("Became MQL, 80% range. Source 0: 1, ")
    assert "2 more in the table" in text(page)
    drawn = browser(vic()).get(page.context["picture"].address).content.decode()
    assert ">Source 0</text>" in drawn
    assert ">Source 9</text>" not in drawn


def test_htmx_gets_the_results_alone_at_the_address_that_shows_them() -> None:
    a_lead(source="Fair")
    part = browser(vic()).get("/sources/?days=30&since=", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == "/sources/?days=30"


def test_tables_are_files_that_no_spreadsheet_runs() -> None:
    a_lead_on(Rung.WON, source="=1+1")
    for address in ("/sources/sources.csv", "/sources/attribution.csv?days=all"):
        answer = browser(vic()).get(address)
        assert answer["Content-Type"].startswith("text/csv")
        assert "\n'=1+1," in answer.content.decode()


def test_marketing_enters_and_removes_costs_and_others_see_them() -> None:
    client = browser(mara())
    assert "No cost is on record" in text(client.get("/sources/costs/"))
    assert client.post("/sources/costs/", COST).status_code == 302
    row = Spend.objects.get()
    assert (row.amount, row.currency, row.campaign, row.last) == (Decimal(500), "EUR", None, DAY)
    for said, sentence in (
        ({"last": "2026-11-03"}, "have a cost already"),
        ({"amount": "much", "campaign": "B"}, "is not an amount above zero"),
        ({"first": "2026-11-05"}, "is after"),
        ({"currency": "EU"}, "is not a currency code"),
        ({"source": ""}, "This field is required"),
    ):
        answer = client.post("/sources/costs/", COST | said)
        assert answer.status_code == 422, said
        assert sentence in text(answer), said
    shown = text(browser(sam()).get("/sources/costs/"))
    assert "€500" in shown
    assert "Enter a cost" not in shown
    assert browser(sam()).post(f"/sources/costs/{row.pk}/remove/").status_code == 403
    browser(sam()).post("/sources/costs/", COST | {"campaign": "B"})
    assert "The cost is removed." in text(client.post(f"/sources/costs/{row.pk}/remove/", follow=True))
    assert not Spend.objects.exists()
    assert "gone already" in text(client.post(f"/sources/costs/{row.pk}/remove/", follow=True))


def test_pages_take_as_many_queries_whatever_there_is_and_long_names_stand_whole() -> None:
    client, pages = browser(mara()), ("/sources/", "/sources/attribution/", "/sources/costs/")
    counted = []
    for number in range(2):
        for more in range(3):
            a_lead_on(Rung.WON, email=f"x@n{number}{more}.example", source=f"{number}{more}" * 100, campaign="c" * 200)
            spend(5, f"{number}{more}" * 100, "c" * 200)
        counted.append([queries(client, address) for address in pages])
    assert counted[0] == counted[1]
    assert "01" * 100 in text(client.get("/sources/"))
