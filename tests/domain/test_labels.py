"""Labels: one from each axis, and one next step that follows from the pair."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assay.domain.labels import label, next_step
from assay.domain.ladder import Rung

TEMPERATURES = ("hot", "warm", "cold")


@pytest.mark.parametrize(
    ("temperature", "rung", "reads"),
    [
        ("warm", Rung.MQL, "warm MQL"),
        ("hot", Rung.PQL, "hot PQL"),
        ("hot", Rung.SAL, "hot SAL"),
        ("cold", Rung.SQL, "cold SQL"),
        ("cold", Rung.LEAD, "cold lead"),
        ("warm", Rung.OPPORTUNITY, "warm opportunity"),
        ("cold", Rung.DISQUALIFIED, "cold disqualified"),
    ],
)
def test_one_label_from_each_axis(temperature: str, rung: Rung, reads: str) -> None:
    assert label(temperature, rung) == reads


@pytest.mark.parametrize("rung", Rung)
@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("contacted", [False, True])
def test_every_pair_has_one_next_step(rung: Rung, temperature: str, contacted: bool) -> None:
    step = next_step(rung, temperature, contacted=contacted)
    assert step == step.strip()
    assert step[0].isupper()
    assert not step.endswith(".")


@pytest.mark.parametrize("rung", [Rung.MQL, Rung.PQL])
def test_at_the_gate_the_next_step_is_to_decide(rung: Rung) -> None:
    assert all(next_step(rung, temperature).startswith("Decide") for temperature in TEMPERATURES)
    assert next_step(rung, "hot") != next_step(rung, "cold")


def test_an_sql_is_contacted_first_and_confirmed_then() -> None:
    assert next_step(Rung.SQL, "hot") == "Call now: make contact"
    assert next_step(Rung.SQL, "cold") == "Make contact"
    assert next_step(Rung.SQL, "hot", contacted=True) == "Confirm budget, authority, need and timeline"


def test_a_lead_that_rests_is_nurtured_until_its_day() -> None:
    until = datetime(2026, 4, 1, tzinfo=ZoneInfo("Europe/Paris"))
    assert next_step(Rung.LEAD, "hot", rests_until=until) == "Nurture until 2026-04-01"
    assert next_step(Rung.MQL, "hot", rests_until=until) == next_step(Rung.MQL, "hot")


def test_missing_data_is_asked_for_where_there_is_interest() -> None:
    assert next_step(Rung.LEAD, "warm", missing_data=True) == "Ask for the missing data"
    assert next_step(Rung.LEAD, "hot", missing_data=True) == "Ask for the missing data"
    assert next_step(Rung.LEAD, "cold", missing_data=True) == next_step(Rung.LEAD, "cold")
