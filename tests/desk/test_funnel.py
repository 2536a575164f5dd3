"""The Funnel page: counts, the leak, what if, and every view of it as an address and a file."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from assay.actions import gate
from assay.actions.actors import INTAKE, actor
from assay.actions.capture import capture
from assay.actions.sources import count_visitors
from assay.actions.writing import in_transaction
from assay.domain.ladder import Rung
from assay.records.models import Pass
from tests.desk.reading import Page, browser, queries, text
from tests.people import NOW, a_lead, a_lead_on, a_row, an_mql, an_opportunity, an_sql, sam, vic

pytestmark = pytest.mark.django_db

EXAMPLE = {"lead": 250, "mql": 78, "sal": 10, "sql": 10, "opportunity": 4, "won": 1}
"""The worked example, which the demo month is made of."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def example() -> None:
    """10,000 visitors and 250 leads, of whom so many passed each step."""
    count_visitors(NOW.date(), "Website", None, 10_000)
    rows = [a_row(f"person{number}@north.example") for number in range(EXAMPLE["lead"])]
    in_transaction(lambda: capture(rows, INTAKE, NOW))
    passes = list(Pass.objects.order_by("pk").values_list("pk", flat=True))
    for step, count in EXAMPLE.items():
        Pass.objects.filter(pk__in=passes[:count]).update(**{f"{step}_at": NOW})


def opened(query: str = "") -> Page:
    """The page as Vic, who may only look, sees it."""
    page = browser(vic()).get(f"/funnel/{query}")
    assert page.status_code == 200
    return page


def part(query: str, target: str) -> Page:
    """One part of the page, as htmx asks for it."""
    return browser(vic()).get(f"/funnel/{query}", headers={"HX-Request": "true", "HX-Target": target})


def counted(query: str = "") -> list[int | None]:
    """The counts of the table, in its order."""
    return [line.number for line in opened(query).context["lines"]]


def table(name: str, query: str = "") -> list[str]:
    """A file's lines."""
    answer: Any = browser(vic()).get(f"/funnel/{name}.csv{query}")
    return str(answer.content.decode("utf-8-sig")).splitlines()


@pytest.mark.usefixtures("example")
def test_it_names_the_leak_and_compares_mending_it_with_more_traffic():
    said = text(opened())
    assert "It leaks most from MQL to SQL: 10 of 78 go on, 13%." in said
    assert "Fix the leak 2.3 times the deals MQL to SQL: 30%" in said
    assert "Double the top 2 times the deals Visitors: 2 times" in said
    assert "2.3 times the deals" in text(opened("?mql_to_sql=30%25"))
    assert table("what-if", "?visitor=x2")[1].startswith("Visitors: 2 times,deals,1.0,2.0,")


@pytest.mark.usefixtures("example")
def test_what_is_asked_stands_beside_today_and_can_be_asked_backwards():
    asked = opened("?mql_to_sql=30%25&visitor=2x&deals=3").context["what_if"]
    assert [knob.name for knob in asked.knobs if knob.error] == ["visitor"]
    assert (asked.asked.name, asked.asked.outcome.times_today) == ("MQL to SQL: 30%", pytest.approx(2.34))
    assert [round(one.estimate.value) for one in asked.needed] == [30_000, 750]
    assert "For 3 deals, going on as today, are needed: Visitors 30,000" in text(part("?deals=3", "what-if"))


@pytest.mark.parametrize("query", ["mql_to_sql=300%25", "mql_to_sql=%F0%9F%92%B6", "deals=0", "deals=nan"])
@pytest.mark.usefixtures("example")
def test_a_question_that_makes_no_sense_is_told_beside_its_field(query: str):
    page = opened(f"?{query}")
    assert 'aria-invalid="true"' in page.content.decode()
    assert page.context["what_if"].asked is None
    assert page.context["what_if"].needed == ()


def test_filters_leave_leads_out_and_say_so():
    webinar = a_lead(source="Webinar")
    an_sql(country="DE")
    assert counted()[1:] == [2, 1, 1, 1, 0, 0]
    assert counted(f"?source={webinar.source_id}")[1:] == [1, 0, 0, 0, 0, 0]
    assert counted("?country=DE") == [None, 1, 1, 1, 1, 0, 0]
    assert counted("?since=2026-11-05") == [0] * 7
    assert counted("?until=2026-11-04")[1] == counted("?period=30")[1] == 2
    page = opened("?country=DE&period=30&since=2026-11-04")
    assert '<option value="days" selected>From day to day' in page.content.decode()
    assert "Without the filter Country: Germany" in text(page)
    assert [chip.without for chip in page.context["filters"].chips()] == ["since=2026-11-04"]
    assert "Clear filters" in text(opened("?since=2026-11-05"))


def test_moves_of_a_period_count_whenever_their_leads_were_captured():
    lead = a_lead(at=NOW - timedelta(days=60))
    Pass.objects.filter(lead=lead).update(mql_at=NOW)
    assert counted("?period=30")[1:3] == [0, 0]
    assert counted("?period=30&way=flow")[1:3] == [0, 1]


@pytest.mark.parametrize(
    "query",
    [
        "period=8",
        "since=x",
        "since=0001-01-01",
        "until=9999-12-31",
        "since=2026-11-05&until=2026-11-04",
        "source=0",
        "owner=x",
        "compare=before",
        "compare=source-0",
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_changes_nothing(query: str):
    a_lead()
    assert 'class="field-error"' in opened(f"?{query}").content.decode()
    assert table("steps", f"?{query}&since=")[2].startswith(",lead,1,")


def test_it_is_compared_with_the_period_before_with_all_and_with_a_segment():
    for day in range(3):
        a_lead(at=NOW - timedelta(days=40 + day))
    an_sql()
    webinar = a_lead(source="Webinar")

    def other(query: str) -> list[int | None]:
        page = opened(f"?{query}")
        return [page.context["other"].name, *(line.other_number for line in page.context["lines"][1:3])]

    assert other("period=30&compare=before") == ["the period before", 3, 0]
    assert other(f"source={webinar.source_id}&compare=all") == ["all leads", 5, 1]
    assert other(f"compare=source-{webinar.source_id}") == ["Webinar", 1, 0]
    assert "higher, " in text(opened("?period=30&compare=before"))
    assert len(table("steps", "?period=30&compare=before")) == 1 + 2 * 7


def test_parts_come_when_asked_for_and_not_before():
    a_lead(source="Webinar", at=NOW - timedelta(days=40))
    an_mql()
    assert set(opened().context["read"]) == set()
    assert list(opened("?show=months").context["read"]) == ["months"]
    everything = opened("?show=all")
    assert list(everything.context["read"]) == list(everything.context["parts"])
    months = part("?country=FR", "months")
    assert "<html" not in months.content.decode()
    assert [row.name for row in months.context["read"]["months"].cohorts] == ["Sep 2026", "Nov 2026"]
    sides = part("?by=source", "by").context["read"]["by"].rows
    assert [(row.counted.name, row.counted.counts["lead"]) for row in sides] == [("Webinar", 1), ("Website", 1)]


def test_how_long_what_will_come_and_what_got_better():
    for days in (1, 3, 5):
        gate.accept(an_mql(at=NOW - timedelta(days=days)).pk, actor(sam()), NOW)
    a_lead_on(Rung.WON)
    an_opportunity()
    read = opened("?show=all&period=30").context["read"]
    stays = {time.step: (time.went_on, time.left, time.waiting) for _, time in read["times"].rungs}
    assert stays == {"lead": (5, 0, 0), "mql": (5, 0, 0), "sql": (2, 0, 3), "opportunity": (1, 0, 1)}
    said = text(part("", "times"))
    assert "MQL few 24 h " in said
    assert "SQL few not yet" in said
    forecast = text(part("", "forecast"))
    assert "MQL few 0" in forecast
    assert re.search(r"They bring €[\d,]+ \(€[\d,]+ to €[\d,]+\)", forecast)
    assert [rung.open for _, rung in read["forecast"].rungs] == [0, 3, 1]
    results = text(part("?period=30", "results"))
    assert "6 Oct 2026 to 4 Nov 2026, against 6 Sep 2026 to 5 Oct 2026." in results
    assert "Deals won per new lead 20% – nothing to compare with" in results
    assert table("times")[3].startswith("sql,,0.0,,,2,0,3,")
    assert table("forecast")[1].startswith("mql,0,")
    assert [row.split(",")[:3] for row in table("forecast")[-2:]] == [["", "", ""]] * 2
    assert table("results")[2].startswith("conversion,share,0.2,")


def test_revenue_stands_beside_deals_once_there_is_any():
    an_opportunity()
    assert "Revenue" not in text(part("", "what-if"))
    a_lead_on(Rung.WON)
    asked = part("?opportunity_to_won=100%25", "what-if")
    assert "Opportunities to Won: 100% 2 " in text(asked)
    assert "€22,000" in text(asked)
    assert table("what-if", "?opportunity_to_won=100%25")[2].startswith(
        "Opportunities to Won: 100%,EUR,11000.0,22000.0,"
    )


@pytest.mark.parametrize("by", ["source", "campaign", "owner", "size", "country", "policy", "temperature"])
def test_each_side_leads_to_its_own_funnel(by: str):
    an_sql(campaign="Spring", country="DE", employees=40)
    [row] = part(f"?by={by}", "by").context["read"]["by"].rows
    assert counted(f"?{row.query}")[1:] == row.counted.listed[1:] == [1, 1, 1, 1, 0, 0]
    assert opened(f"?{row.query}").context["filters"].chips()[0].text.endswith(row.counted.name)


def test_every_table_is_a_file_and_safe_to_open():
    an_opportunity(source="=Robot")
    assert table("steps")[1:3] == [",visitor,0,,,,,false", ",lead,1,,,,true,false"]
    assert table("months")[1].startswith("2026-11,0,1,1,1,1,1,0,")
    assert table("by", "?by=source")[1].startswith("'=Robot,0,1,1,1,1,1,0,")
    assert browser(vic()).get("/funnel/nothing.csv").status_code == 404


def test_htmx_gets_what_it_asks_for_and_an_address_to_share():
    a_lead()
    page = part("?period=30&since=&until=&source=&compare=", "funnel")
    assert "<html" not in page.content.decode()
    assert page["HX-Push-Url"] == "/funnel/?period=30"
    assert "HX-Push-Url" not in part("?mql_to_sql=30%25", "what-if")


def test_nothing_yet_says_what_to_do():
    assert "The funnel is empty" in text(opened())
    assert "The funnel is empty" in text(opened("?show=all&deals=3&mql_to_sql=30%25"))
    for name in opened().context["parts"]:
        assert len(table(name)) >= 1


def test_long_names_are_all_there():
    an_mql(source="s" * 200, campaign="c" * 200)
    assert "s" * 200 in text(part("?by=source", "by"))
    assert "c" * 200 in text(part("?by=campaign", "by"))


def test_it_asks_the_database_as_often_for_many_as_for_few():
    def some(number: int) -> None:
        a_lead_on(Rung.WON, at=NOW - timedelta(days=35 * number), source=f"Source {number}")

    address = "/funnel/?period=365&compare=before&show=all&mql_to_sql=30%25&deals=3"
    some(0)
    client = browser(vic())
    few = queries(client, address)
    for number in range(1, 4):
        some(number)
    assert queries(client, address) == few
