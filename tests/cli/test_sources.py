"""`assay sources`: for people, for programs, and for spreadsheets."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from assay.actions.actors import actor
from assay.actions.spend import enter_cost
from assay.domain.ladder import Rung
from assay.domain.rows import CostRow
from assay.domain.source_tables import ATTRIBUTION, QUALITY
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, a_lead_on, mara

pytestmark = pytest.mark.django_db


def test_sources_down_to_revenue(assay: Assay) -> None:
    assert "Nothing came from anywhere" in assay("sources").out
    assert "No deal was won" in assay("sources", "--attribution").out
    a_lead_on(Rung.WON, source="Ads", campaign="=cmd|' /C calc'!A0")
    a_lead(source="Fair")
    day = NOW.date()
    enter_cost(CostRow("Ads", None, day, day, Decimal(2_000), "EUR"), actor(mara()))
    enter_cost(CostRow("Fair", None, day, day, Decimal(7), "USD"), actor(mara()))
    shown = assay("sources").out
    assert "11,000" in shown
    assert "5.5x" in shown
    assert "Amounts in USD are not among them" in shown
    ads, fair = assay("sources", "--json").json["rows"]
    assert (ads["source"], ads["won"], ads["cost_per_deal"], ads["return"]) == ("Ads", 1, "2000.00", 5.5)
    assert (fair["source"], fair["mql"], fair["mql_rate"], fair["return"]) == ("Fair", 0, 0.0, None)
    rows = list(csv.DictReader(StringIO(assay("sources", "--by", "campaign", "--csv").out)))
    assert list(rows[0]) == list(QUALITY)
    assert [row["campaign"][:5] for row in rows] == ["'=cmd", "", ""]
    assert assay("sources", "--from", "2026-11-05", "--json").json["rows"] == []


def test_the_picture_is_written_where_there_is_something_to_see(assay: Assay, tmp_path: Path) -> None:
    drawn = tmp_path / "sources.svg"
    assert assay("sources", "--plot", drawn, "--json").error["error"] == "nothing_to_plot"
    a_lead_on(Rung.MQL, source="Ads", campaign="Brand")
    assert assay("sources", "--attribution", "--plot", drawn, "--json").error["error"] == "bad_usage"
    assert not drawn.exists()
    assert assay("sources", "--by", "campaign", "--plot", drawn).code == 0
    assert ">Brand</text>" in drawn.read_text(encoding="utf-8")


def test_whom_won_deals_are_owed_to(assay: Assay) -> None:
    a_lead(source="Fair", email="olga@north.example")
    a_lead_on(Rung.WON, source="Ads", email="nina@north.example")
    shown = assay("sources", "--attribution").out
    assert "Markov" in shown
    rows = {row["source"]: row for row in assay("sources", "--attribution", "--json").json["rows"]}
    assert rows["Ads"].keys() == set(ATTRIBUTION)
    assert {name: row["revenue_even"] for name, row in rows.items()} == {"Ads": "5500.00", "Fair": "5500.00"}
    assert sum(row["deals_markov"] for row in rows.values()) == pytest.approx(1)
