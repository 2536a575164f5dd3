"""`assay lake` and `assay rescore --engine`: the records as files, and the same scores from them."""

from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from assay.actions.actors import actor
from assay.actions.edits import correct
from assay.actions.rescoring import write_back
from assay.actions.scoring import recount, rescore
from assay.actions.writing import in_transaction
from assay.cli import lake
from assay.engine.duck import Duck, duck
from assay.records.models import Lead, Score, Signal, SignalState
from assay.settings import current
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, a_rule, an_mql, mara, observe

LATER = NOW + timedelta(days=3)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the lake."""
    monkeypatch.setattr(lake, "current", current.model_copy(update={"lake": str(tmp_path / "lake")}))
    return tmp_path / "lake"


def some_leads() -> list[Lead]:
    """Leads that did much, little and nothing, of whom one is not on record as the file had him."""
    busy = an_mql(NOW - timedelta(days=40))
    for days in (39, 20, 3, 2, 1):
        observe(busy, "pricing_view", "page_view", "careers_view", at=NOW - timedelta(days=days, minutes=7))
    quiet = a_lead(NOW - timedelta(days=50), email="q@gmail.com", employees="about ten", budget=12_000.5)
    observe(quiet, "page_view", at=NOW - timedelta(days=9))
    still = a_lead(NOW, title=None)
    correct(still.pk, actor(mara()), NOW, {"lead.product": True, "company.employees": 7})
    return [busy, quiet, still]


def scores() -> list[tuple[object, ...]]:
    """Every score with its parts, numbers to nine decimals."""
    rows = Score.objects.select_related("lead").order_by("pk")
    return [
        (
            row.pk,
            row.policy_id,
            *(round(value, 9) if isinstance(value, float) else value for value in _figures(row.lead)),
            row.missing,
            [{**part, "points": round(part["points"], 9)} for part in row.parts],
        )
        for row in rows
    ]


def _figures(lead: Lead) -> list[object]:
    return [getattr(lead, name) for name in (*Lead.SCORED, "rung")]


@pytest.mark.usefixtures("transactional_db")
def test_the_lake_and_the_scores_from_it(assay: Assay, place: Path) -> None:
    busy, quiet, still = some_leads()

    done = assay("lake", "sync", "--json")
    assert done.json["written"]["signals"] == Signal.objects.count()
    assert (done.json["written"]["leads"], done.json["written"]["edits"]) == (3, 3)
    assert assay("lake", "sync", "--json").json["written"]["signals"] == 0
    checked = assay("lake", "verify", "--json")
    assert (checked.code, checked.json["faults"], checked.json["behind"]["signals"]) == (0, [], 0)

    with time_machine.travel(LATER, tick=False):
        live = rescore(LATER)
        expected = scores()
        Score.objects.update(as_of=NOW)
        Lead.objects.update(intent=1, mql=False, temperature="cold")
        SignalState.objects.all().delete()
        done = assay("rescore", "--engine", "duckdb", "--json")
        assert (done.json["scored"], live[0]) == (3, 3)
        assert scores() == expected

        # The states are the scorer's own: what comes next is counted on top of them.
        observe(busy, "pricing_view", "page_view", at=LATER)
        on_top = scores()
        in_transaction(lambda: recount([busy.pk, quiet.pk, still.pk], LATER))
        rescore(LATER)
        assert scores() == on_top

        # A second time only those whose scores are not at rest are written.
        assert assay("rescore", "--engine", "duckdb", "--json").json["scored"] == 2
        assert Score.objects.get(pk=still.pk).as_of == LATER

    broken = next(place.rglob("signals/*/*.parquet"))
    broken.write_bytes(b"broken")
    done = assay("lake", "verify")
    assert (done.code, "is not as it was written" in done.out) == (1, True)
    done = assay("rescore", "--engine", "duckdb")
    assert (done.code, "assay lake verify" in done.err) == (2, True)


@pytest.mark.usefixtures("transactional_db")
def test_a_new_rule_scores_everybody_by_its_half_lives(assay: Assay, place: Path) -> None:
    some_leads()
    version = a_rule(("within_days = 30", "within_days = 90"), at=NOW)
    assert assay("rescore", "--engine", "duckdb", "--json").json["scored"] == 3
    by_engine = scores()
    Score.objects.update(policy=version.pk - 1 or 1)
    rescore(NOW)
    assert scores() == by_engine
    assert {row[1] for row in by_engine} == {version.pk}


@pytest.mark.usefixtures("transactional_db")
def test_spark_is_asked_where_it_is(assay: Assay, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some_leads()
    assert assay("rescore", "--spark-url", "sc://host").code == 2
    asked = list[tuple[str, str]]()

    def spark(url: str, timezone: str) -> AbstractContextManager[Duck]:
        """What computes the same without a cluster, which tests/engine has."""
        asked.append((url, timezone))
        return duck(timezone)

    monkeypatch.setattr("assay.engine.spark.spark", spark)
    with time_machine.travel(LATER, tick=False):
        assert assay("rescore", "--engine", "spark", "--spark-url", "sc://host", "--json").json["scored"] == 2
        assert assay("rescore", "--engine", "spark").code == 0
    assert [url for url, _ in asked] == ["sc://host", "local[*]"]
    assert not list(place.rglob("snapshot/*"))


@pytest.mark.django_db
def test_what_was_scored_since_is_left_alone() -> None:
    lead = an_mql()
    rescore(LATER)
    before = scores()
    assert write_back([(lead.pk, {}), (lead.pk + 1000, {})], NOW) == (0, 0)
    assert scores() == before
    assert write_back([(lead.pk, {})], LATER) == (1, 0)
    assert Lead.objects.get(pk=lead.pk).intent == 0
