"""The Funnel page: the leak, what if, segments, comparisons and tables; every view an address."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from assay.actions.sources import count_visitors
from assay.domain.ladder import Rung
from assay.records.models import Source
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, an_mql, mara, vic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def some() -> None:
    """A hundred visitors, six leads: from the website two raw, two MQL, one won; one raw from a fair."""
    count_visitors(NOW.date(), "Website", None, 100)
    a_lead()
    a_lead()
    an_mql()
    an_mql()
    a_lead_on(Rung.WON)
    a_lead(source="Trade fair")


def opened(query: str = "", **headers: str) -> Page:
    """The page as a viewer sees it."""
    return browser(vic()).get(f"/funnel/{query}", headers=headers)


def table(name: str, query: str = "") -> list[dict[str, str]]:
    """A table as a spreadsheet reads it."""
    answer = browser(vic()).get(f"/funnel/{name}.csv{query}")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("some")
def test_it_names_the_leak_and_the_best_lever_and_what_mending_brings():
    page = text(opened())
    assert "It leaks most from MQL to SQL: 1 of 3 go on, 33%." in page
    assert "With 80% probability the share is between 14% and 68%. That is few to go by." in page
    assert "Double the top 2 times the deals Visitors: 2 times" in page
    assert "Fix the leak 3 times the deals MQL to SQL: 100%" in page
    assert re.search(r"Best lever: MQL to SQL\. Keeping 10% of those it loses brings 1\.2 times the deals", page)


@pytest.mark.usefixtures("some")
def test_the_table_has_counts_shares_and_ranges():
    lines = {line.step: line for line in opened().context["lines"]}
    assert [line.number for line in lines.values()] == [100, 6, 3, 1, 1, 1, 1]
    assert (lines["mql"].into.rate, lines["mql"].into.few, lines["sql"].leaks) == (0.5, True, True)
    [visitors, leads, *_] = table("steps")
    assert (visitors["step"], visitors["count"], visitors["conversion"]) == ("visitor", "100", "")
    assert (leads["step"], leads["conversion"], leads["few"]) == ("lead", "0.06", "false")


@pytest.mark.usefixtures("some")
def test_a_part_of_the_leads_and_of_the_time():
    fair = Source.objects.get(name="Trade fair").pk
    [by_source] = [opened(f"?source={fair}").context]
    assert by_source["one"].counts["lead"] == 1
    assert [chip.text for chip in by_source["filters"].chips()] == ["Source: Trade fair"]
    assert opened("?temperature=hot").context["one"].counts["visitor"] is None
    assert opened("?since=2026-11-05").context["one"].is_empty
    assert "Nobody came past any step" in text(opened("?period=last-month"))
    assert opened("?period=month&way=flow").context["one"].counts["won"] == 1


@pytest.mark.usefixtures("some")
def test_compared_with_all_leads_another_part_or_the_time_before():
    fair = Source.objects.get(name="Trade fair").pk
    context = opened(f"?source={fair}&compare=all").context
    assert (context["other"].name, context["other"].counts["lead"], context["one"].counts["lead"]) == (
        "all leads",
        6,
        1,
    )
    [mql] = [line for line in context["lines"] if line.step == "mql"]
    assert mql.difference.startswith("lower, ")
    website = Source.objects.get(name="Website").pk
    assert opened(f"?compare=source-{website}").context["other"].counts["lead"] == 5
    assert opened("?period=30&compare=before").context["other"].is_empty
    assert "Choose a period with a first and a last day" in text(opened("?compare=before"))
    assert {row["of"] for row in table("steps", "?compare=all")} == {"", "all leads"}


@pytest.mark.usefixtures("some")
def test_what_if_forward_and_backward():
    asked = opened("?visitor=x2&lead_to_mql=75%25&deals=10").context["what_if"]
    assert asked.asked.name == "Visitors: 2 times, Leads to MQL: 75%"
    assert asked.asked.outcome.times_today == pytest.approx(3)
    assert [(str(found.name), round(found.estimate.value or 0, 6)) for found in asked.needed] == [
        ("Visitors", 1000),
        ("Leads", 60),
    ]
    assert table("what-if", "?visitor=x2")[0]["times_today"] == "2.0"


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    "query", ["?visitor=lots", "?lead_to_mql=130%25", "?deals=nan", "?deals=-1", "?mql_to_sql=%00", "?visitor=-x"]
)
def test_a_change_that_makes_no_sense_is_told_beside_its_field(query: str):
    page = opened(query)
    assert 'role="alert"' in page.content.decode()
    assert page.context["what_if"].asked is None


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    "query", ["?period=7", "?source=x", "?owner=999999", "?compare=source-", "?since=2026-11-09&until=2026-11-01"]
)
def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(query: str):
    page = opened(query)
    assert 'class="field-error"' in page.content.decode()


@pytest.mark.usefixtures("some")
def test_months_and_parts_are_read_when_asked_for():
    assert "read" not in opened().context or not opened().context["read"]
    months = opened("?show=months").context["read"]["months"]
    assert [(cohort.name, cohort.counts["lead"]) for cohort in months.cohorts] == [("Nov 2026", 6)]
    rows = opened("?show=by").context["read"]["by"].rows
    assert [(row.counted.name, row.counted.counts["lead"]) for row in rows] == [("Website", 5), ("Trade fair", 1)]
    assert opened(f"?{rows[1].query}").context["one"].counts["lead"] == 1
    for by, name in (("owner", "Sam"), ("size", "50–249"), ("country", "France"), ("temperature", "hot")):
        found = opened(f"?show=by&by={by}").context["read"]["by"].rows
        assert name in {row.counted.name for row in found}
    part = opened("?by=policy", HX_Request="true", HX_Target="by").content.decode()
    assert part.lstrip().startswith('<section class="card stack" id="by"')
    assert [row["month"] for row in table("months")] == ["Nov 2026"]
    assert [row["source"] for row in table("by")] == ["Website", "Trade fair"]


def test_an_empty_funnel_says_what_to_do():
    assert "The funnel is empty" in text(opened())
    assert "Import" in text(browser(mara()).get("/funnel/"))
    assert table("months") == []
    assert browser(vic()).get("/funnel/nothing.csv").status_code == 404


@pytest.mark.usefixtures("some")
def test_pictures_have_words_and_are_drawn_at_their_addresses():
    page = opened("?show=months").content.decode()
    client = browser(vic())
    addresses = re.findall(r'(?:src|srcset)="(/pictures/[^"]+)"', page)
    assert len(addresses) == 3 * 4
    assert any("Leads 6, MQL 3" in unescape(alt) for alt in re.findall(r'alt="([^"]+)"', page))
    drawn = client.get(addresses[0])
    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/svg+xml")
    assert "immutable" in drawn["Cache-Control"]
    assert addresses == re.findall(r'(?:src|srcset)="(/pictures/[^"]+)"', opened("?show=months").content.decode())
    signed, file = addresses[0].removeprefix("/pictures/").rsplit("/", 1)
    for bent in (f"{signed}x/{file}", f"{signed}/pink-340.svg", f"{signed}/dark-9000.svg"):
        assert client.get(f"/pictures/{bent}").status_code == 404


@pytest.mark.usefixtures("some")
def test_long_names_are_all_there_and_safe():
    an_mql(source="<b>" + "x" * 190)
    page = opened("?show=by").content.decode()
    assert "&lt;b&gt;" + "x" * 190 in page
    assert "<b>x" not in page


@pytest.mark.usefixtures("some")
def test_the_number_of_queries_does_not_grow():
    client = browser(vic())
    before = queries(client, "/funnel/?show=all&compare=all")
    for number in range(5):
        an_mql(source=f"Source {number}", country="DE")
    assert queries(client, "/funnel/?show=all&compare=all") == before
