"""Pictures: drawn in every format and theme, in the pages' colours, with what they show in words."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assay import pictures
from assay.domain.backtest import Grounds, Story, backtest
from assay.domain.funnel import Funnel
from assay.domain.funnel import funnel as funnel_of
from assay.domain.survival import Time
from assay.domain.what_if import parse_change
from assay.domain.what_if import what_if as outcome_of
from assay.pictures import DARK, LIGHT, NARROW, WIDE, Cohort, Picture, Source

CSS = Path(pictures.__file__).parent.parent / "desk" / "static" / "desk" / "assay.css"


def a_funnel(**instead: int) -> Funnel:
    """The worked example."""
    counts = {"visitor": 10_000, "lead": 250, "mql": 78, "sal": 10, "sql": 10, "opportunity": 4, "won": 1}
    return funnel_of(counts | instead, accept_is_sql=True)


def texts(picture: Picture, **options: object) -> list[str]:
    """What stands in the drawn picture, in its order."""
    svg = ElementTree.fromstring(picture.render(**options))  # type: ignore[arg-type]
    return [text for node in svg.iter() if node.tag.endswith("}text") and (text := "".join(node.itertext()))]


def test_the_funnel_shows_counts_shares_and_the_leak_in_its_colour() -> None:
    picture = pictures.funnel(a_funnel())
    drawn = texts(picture)
    assert [text for text in drawn if text in ("10,000", "250", "78", "10", "4", "1")] == [
        "10,000",
        "250",
        "78",
        "10",
        "4",
        "1",
    ]
    assert [text for text in drawn if text in ("2.5 %", "31 %", "13 %", "25 %")] == ["2.5 %", "31 %", "13 %", "25 %"]
    assert LIGHT.bad in picture.render().decode()
    assert picture.words == (
        "Visitors 10,000, Leads 250, MQL 78, SQL 10, Opportunities 4, Won 1. "
        "It leaks most from MQL to SQL: 10 of 78 go on, 13 %."
    )


def test_visitors_who_cannot_be_told_apart_are_left_out() -> None:
    assert "Visitors" not in texts(pictures.funnel(a_funnel(visitor=0), visitors=False))


@pytest.mark.parametrize("counts", [dict.fromkeys(a_funnel().steps, 0), {"lead": 3, "mql": 9}], ids=["empty", "flow"])
def test_a_funnel_without_leads_or_with_more_going_on_than_came_is_drawn(counts: dict[str, int]) -> None:
    assert "Leads" in texts(pictures.funnel(funnel_of(counts, accept_is_sql=True)))


def test_what_if_stands_beside_today() -> None:
    outcome = outcome_of(a_funnel(), [parse_change("mql_to_sql=30%")])
    picture = pictures.what_if([("Today", outcome.today), ("MQL to SQL: 30 %", outcome.then)])
    assert {"Today", "MQL to SQL: 30 %", "1", "2.3"} <= set(texts(picture))
    assert picture.words.startswith("Today: 1 (0.4 to 3); MQL to SQL: 30 %: 2.3 (")


def test_cohorts_are_rows_of_shares() -> None:
    picture = pictures.cohorts([Cohort("2026-10", a_funnel()), Cohort("2026-11", a_funnel(won=4, sql=0))])
    assert {"2026-10", "2026-11", "13 %", "100 %", "Deals"} <= set(texts(picture))
    assert "2026-11: MQL 31 %, SQL 0 %, Won 100 %" in picture.words


def test_times_show_when_half_have_left_and_what_is_not_known_yet() -> None:
    day = 86_400.0
    stays = [
        Time("mql", 6 * 3_600.0, 3 * day, 5 * 3_600.0, 7 * 3_600.0, 40, 6, 3),
        Time("sql", 6 * day, None, 4.5 * day, None, 4, 6, 0),
        Time("opportunity", None, None, None, None, 0, 3, 0),
    ]
    picture = pictures.times(stays)
    assert {"6 h", "6 days", "Deals"} <= set(texts(picture))
    assert picture.words == "MQL: 6 h; SQL: 6 days; Deals: not known yet."
    assert "Deals" in texts(pictures.times(stays[2:], tell=str), width=NARROW)


def test_sources_show_leads_and_the_share_that_was_good() -> None:
    picture = pictures.sources([Source("Website", 1_200, 0.4, 0.36, 0.44), Source("<Fair>", 40)])
    assert {"Website", "<Fair>", "1,200", "40", "40 %", "Became MQL, 80 % range"} <= set(texts(picture))
    assert picture.words == "Became MQL, 80 % range. Website: 1,200, 40 %; <Fair>: 40."
    assert "Won" in texts(pictures.sources([Source("Website", 3, 0.0, 0.0, 0.3)], share="Won"))


def test_a_name_is_text_and_nothing_else() -> None:
    name = '<script>alert("x")</script>&' + "y" * 300
    estimate = outcome_of(a_funnel(), []).today
    picture = pictures.what_if([(name, estimate)])
    svg = picture.render().decode()
    assert "<script" not in svg
    tree = ElementTree.fromstring(svg)
    assert name in (tree.findtext("{*}desc") or "")
    assert float(tree.attrib["width"]) <= WIDE


def test_every_format_theme_and_width() -> None:
    picture = pictures.funnel(a_funnel())
    assert picture.render("png", DARK).startswith(b"\x89PNG")
    assert picture.render("pdf").startswith(b"%PDF")
    dark = picture.render("svg", DARK, NARROW).decode()
    assert DARK.surface in dark
    assert LIGHT.surface not in dark
    assert float(ElementTree.fromstring(dark).attrib["width"]) <= NARROW + 16
    assert float(ElementTree.fromstring(picture.render()).attrib["width"]) <= WIDE + 16


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
def test_the_colours_are_those_of_the_pages(place: int) -> None:
    tokens = dict(re.findall(r"--([a-z-]+): light-dark\((#\w+, #\w+)\)", CSS.read_text(encoding="utf-8")))
    theme = (LIGHT, DARK)[place]
    ours = {name: getattr(theme, name) for name in theme.__slots__}
    assert ours == {name: tokens[name.replace("_", "-")].split(", ")[place] for name in ours}


def test_another_language_is_told_by_whoever_asks() -> None:
    def shout(text: str) -> str:
        return text.upper()

    assert "LEADS" in texts(pictures.funnel(a_funnel(), tell=shout))


def test_a_backtest_shows_both_sides_and_the_shares() -> None:
    stories = [Story(3, 3, "accept", "win", in_time=True, number=9), Story(9, None, "reject", number=6)]
    found = backtest(date(2026, 10, 1), date(2026, 10, 28), stories, Grounds(15))
    picture = pictures.backtest(found)
    drawn = texts(picture)
    assert {"Came", "By the draft", "Won, sent in time", "Returned, not sent", "Share, with 80 % range"} <= set(drawn)
    assert drawn.count("100 %") >= 3
    assert picture.words.startswith("The draft sends 1.5 fewer leads a week to the gate")
    assert "2026-10-01: 9, 9; 2026-10-08: 6, 0" in picture.words
