"""The funnel as people and programs see it."""

from pathlib import Path

import pytest

from assay.actions.sources import count_visitors
from assay.domain.ladder import Rung
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, a_lead_on, an_mql, an_opportunity, an_sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def some() -> None:
    """Ten visitors, four leads: one raw from a webinar, an MQL, an SQL, an opportunity."""
    count_visitors(NOW.date(), "Website", None, 10)
    a_lead(source="Webinar")
    an_mql()
    an_sql()
    an_opportunity()


@pytest.mark.usefixtures("some")
def test_people_see_counts_shares_and_the_leak(assay: Assay) -> None:
    done = assay("funnel")
    assert done.out == (
        "Leads captured so far\n\n"
        "Step           Count   Go on      80 % range\n"
        "Visitors          10\n"
        "Leads              4  40.0 %  24.1 to 59.9 %  few\n"
        "MQL                3  75.0 %  41.6 to 88.8 %  few\n"
        "SAL                2\n"
        "SQL                2  66.7 %  32.0 to 85.7 %  few\n"
        "Opportunities      1  50.0 %  19.6 to 80.4 %  few\n"
        "Won                0   0.0 %   5.1 to 68.4 %  few, leaks most\n"
        "\n"
        "It leaks most from Opportunities to Won: 0 of 1 go on (0 %). That is few to go by.\n"
        "\n"
        "Time in rung      Half within            80 % range  Nine tenths  Went on  Fell out  Wait\n"
        "Leads         less than 1 min  over less than 1 min      not yet        3         0     1  few\n"
        "MQL           less than 1 min  over less than 1 min      not yet        2         0     1  few\n"
        "SQL           less than 1 min  over less than 1 min      not yet        1         0     1  few\n"
        "Deals                 not yet                            not yet        0         0     1  few\n"
    )


@pytest.mark.usefixtures("some")
def test_programs_get_steps_and_the_leak(assay: Assay) -> None:
    told = assay("funnel", "--json").json
    assert [(step["name"], step["count"]) for step in told["steps"]] == [
        *(("visitor", 10), ("lead", 4), ("mql", 3), ("sal", 2), ("sql", 2), ("opportunity", 1), ("won", 0)),
    ]
    assert told["leakiest"] == "opportunity_to_won"
    assert (told["view"], told["from"], told["to"], "segments" in told) == ("cohort", None, None, False)


@pytest.mark.usefixtures("some")
def test_one_funnel_for_each_source(assay: Assay) -> None:
    website, webinar = assay("funnel", "--by", "source", "--json").json["segments"]
    assert (website["by"], website["name"], website["leakiest"]) == ("source", "Website", "opportunity_to_won")
    assert [step["count"] for step in website["steps"]] == [10, 3, 3, 2, 2, 1, 0]
    assert (webinar["name"], [step["count"] for step in webinar["steps"]]) == ("Webinar", [0, 1, 0, 0, 0, 0, 0])
    assert assay("funnel", "--by", "source").out.splitlines()[-1].split()[:2] == ["Webinar", "0"]


@pytest.mark.usefixtures("some")
def test_visitors_have_no_owner(assay: Assay) -> None:
    sam, nobody = sorted(
        assay("funnel", "--by", "owner", "--json").json["segments"], key=lambda segment: segment["name"] or "~"
    )
    assert (sam["name"], [step["count"] for step in sam["steps"]]) == ("sam@assay.example", [None, 2, 2, 2, 2, 1, 0])
    assert (nobody["name"], [step["count"] for step in nobody["steps"]]) == (None, [None, 2, 1, 0, 0, 0, 0])
    assert "(nobody)" in assay("funnel", "--by", "owner").out


def test_a_month_of_leads_is_followed_to_today(assay: Assay) -> None:
    a_lead_on(Rung.WON)
    assert assay("funnel", "--cohort", "2026-11").out.startswith("Leads captured from 2026-11-01 to 2026-11-30\n")
    november = assay("funnel", "--cohort", "2026-11", "--json").json
    october = assay("funnel", "--cohort", "2026-10", "--json").json
    assert [step["count"] for step in november["steps"]] == [0, 1, 1, 1, 1, 1, 1]
    assert [step["count"] for step in october["steps"]] == [0] * 7
    assert october["leakiest"] is None
    assert "There is nothing to compare yet." in assay("funnel", "--cohort", "2026-10").out


def test_a_period_of_moves(assay: Assay) -> None:
    an_mql()
    assert assay("funnel", "--flow", "--from", "2026-11-05").out.startswith("Moves since 2026-11-05\n")
    before = assay("funnel", "--flow", "--to", "2026-11-03", "--json").json
    that_day = assay("funnel", "--flow", "--from", "2026-11-04", "--to", "2026-11-04", "--json").json
    assert [step["count"] for step in before["steps"]] == [0] * 7
    assert [step["count"] for step in that_day["steps"]] == [0, 1, 1, 0, 0, 0, 0]


@pytest.mark.usefixtures("some")
def test_what_if_says_what_a_change_would_bring(assay: Assay) -> None:
    done = assay("what-if", "visitors=x2", "--deals", "3", "--json").json
    assert set(done) == {"today", "then", "times_today", "leads_needed", "levers"}
    assert done["times_today"] is None  # nothing was won yet
    assert "no deal yet" in assay("what-if", "visitors=x2").out
    assert "Best lever" in assay("what-if").out


@pytest.mark.usefixtures("some")
def test_what_if_refuses_what_is_no_change(assay: Assay) -> None:
    done = assay("what-if", "nonsense")
    assert done.code == 2
    assert "Write such as" in done.err


@pytest.mark.usefixtures("some")
def test_pictures_are_written_by_the_end_of_their_names(assay: Assay, tmp_path: Path) -> None:
    drawn = assay("funnel", "--plot", tmp_path / "funnel.svg")
    assert (drawn.code, drawn.err) == (0, f"Picture written to {tmp_path / 'funnel.svg'}.\n")
    assert ">10<" in (tmp_path / "funnel.svg").read_text(encoding="utf-8")
    assert assay("what-if", "visitors=x2", "--plot", tmp_path / "if.PNG").code == 0
    assert (tmp_path / "if.PNG").read_bytes().startswith(b"\x89PNG")
    assert "Visitors: 2 times" not in assay("what-if", "visitors=x2").out


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("funnel", "--plot", "funnel.gif"), "unknown_format"),
        (("funnel", "--plot", "nowhere/funnel.svg"), "no_folder"),
        (("what-if", "--plot", "if.svg"), "nothing_to_plot"),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused(assay: Assay, words: tuple[str, ...], code: str) -> None:
    done = assay(*words, "--json")
    assert (done.code, done.error["error"]) == (2, code)


@pytest.mark.usefixtures("some")
def test_the_forecast_says_what_will_come_of_what_is_open(assay: Assay) -> None:
    out = assay("forecast").out
    assert out.startswith("Rung           Open  Chance to win  80 % range  Deals  80 % range\nMQL               1")
    assert "Of what is open come" in out
    assert "They bring 6,000 (0 to 12,000) EUR." in out
    told = assay("forecast", "--json").json
    assert [(rung["step"], rung["open"]) for rung in told["rungs"]] == [("mql", 1), ("sql", 1), ("opportunity", 1)]


def test_results_say_what_could_be_chance(assay: Assay) -> None:
    a_lead_on(Rung.WON)
    out = assay("results").out
    assert out.startswith("From 2026-08-07 to 2026-11-04 against 2026-05-09 to 2026-08-06\n")
    assert [line.split() for line in out.splitlines() if line.startswith("Deals won")] == [
        ["Deals", "won", "per", "new", "lead", "100.0", "%", "nothing", "to", "compare", "with"]
    ]
    told = assay("results", "--from", "2026-11-04", "--to", "2026-11-04", "--json").json
    assert (told["before_from"], told["before_to"]) == ("2026-11-03", "2026-11-03")
    assert told["results"][0] == {
        "name": "sales_cycle",
        "now": 0.0,
        "before": None,
        "unit": "days",
        "p": None,
        "chance": True,
    }
    assert assay("results", "--from", "2026-11-05", "--to", "2026-11-04").code == 2


def test_won_deals_put_money_beside_what_a_change_brings(assay: Assay) -> None:
    count_visitors(NOW.date(), "Website", None, 10)
    a_lead_on(Rung.WON)
    done = assay("what-if", "visitors=x2", "--revenue", "22000", "--json").json
    assert (done["revenue_today"]["value"], done["revenue_then"]["value"]) == (11_000, 22_000)
    assert done["leads_needed"]["value"] == 2
    assert "22,000 EUR need 2 (" in assay("what-if", "--revenue", "22000").out
    assert "Adds EUR" in assay("what-if").out
    assert assay("what-if", "--revenue", "5", "--deals", "5").code == 2


@pytest.mark.usefixtures("some")
def test_without_a_deal_won_nobody_knows_what_revenue_needs(assay: Assay) -> None:
    done = assay("what-if", "--revenue", "1000", "--json")
    assert (done.code, done.error["error"]) == (2, "no_worth")
