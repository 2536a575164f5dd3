"""`assay policy backtest` and `diff`: a draft against history, and the leads that it would move."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assay.actions import gate, policies, work
from assay.actions.actors import actor
from assay.actions.edits import correct
from assay.cli import lake
from assay.engine.duck import Duck, duck
from assay.policies import shipped
from assay.records.decisions import TouchKind
from assay.records.models import Lead
from assay.settings import current
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, an_mql, mara, observe, sam

STEEP = shipped().text.replace("threshold = 100", "threshold = 150")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the lake would be; there is none yet."""
    monkeypatch.setattr(lake, "current", current.model_copy(update={"lake": str(tmp_path / "lake")}))
    return tmp_path / "lake"


def a_history() -> Lead:
    """One lead was accepted, one returned, whose facts were put right since; given back is the third, just below."""
    good = an_mql(ago(20))
    observe(good, "pricing_view", "case_study_view", "pricing_inquiry", at=ago(20))
    gate.accept(good.pk, actor(sam()), ago(19))
    work.log_touch(good.pk, actor(sam()), ago(18), kind=TouchKind.CALL, reached=True)
    poor = an_mql(ago(12), email="paul@poor.example")
    gate.reject(poor.pk, actor(sam()), ago(11), reason="bad_data")
    correct(poor.pk, actor(mara()), ago(10), {"company.country": "JP"})
    near = a_lead(ago(5), email="nora@near.example", employees=5000, industry="Farming")
    observe(near, "demo_request", at=ago(4))
    return near


@pytest.mark.usefixtures("transactional_db")
def test_a_draft_is_held_against_history(assay: Assay, place: Path, tmp_path: Path) -> None:
    near = a_history()
    rule = policies.rule(NOW).version
    draft = tmp_path / "draft.toml"
    draft.write_text(STEEP)

    same = assay("policy", "backtest", rule, "--json").json
    assert [(one["count"], one["of"]) for one in same["shares"]] == [(0, 0), (1, 1), (0, 1)]
    assert (same["first"], same["last"], same["both"], same["only_real"]) == ("2026-10-15", "2026-11-03", 2, 0)
    assert same["grounds"] == {"leads": 3, "rewound": 1, "late": 0}, "the country that came later was not known"
    assert same["moved"] == {"as_of": "2026-11-04T09:00:00Z", "up": 0, "down": 0, "leads": [], "against": rule}
    assert not place.exists()

    found = assay("policy", "backtest", draft, "--from", "2026-10-01", "--plot", tmp_path / "b.svg", "--json").json
    assert [(one["count"], one["of"]) for one in found["shares"]] == [(0, 0), (1, 1), (1, 1)]
    assert (found["a_week"]["hours"]["value"] < 0, found["first"]) == (True, "2026-10-01")
    assert "<desc>The draft sends" in (tmp_path / "b.svg").read_text()

    assay("lake", "sync")
    said = " ".join(assay("policy", "backtest", draft).out.split())
    assert "spared sales 1 of 1 that it returned. That is few to go by." in said
    assert "2026-10-22 1 0" in said

    lax = tmp_path / "lax.toml"
    lax.write_text(shipped().text.replace("threshold = 100", "threshold = 70"))
    moved = assay("policy", "diff", rule, lax, "--json").json
    assert moved["differences"] == [{"label": "Fit and intent together", "before": "100", "after": "70"}]
    assert [(one["lead"], one["rung"], one["up"]) for one in moved["moved"]["leads"]] == [(near.pk, "lead", True)]
    told = assay("policy", "diff", lax, rule).out
    assert "0 leads up to the gate come over the threshold, 1 fall below it." in told
    assert near.person.name in told
    assert "They say the same." in assay("policy", "diff", rule, rule).out


@pytest.mark.django_db
def test_what_cannot_be_held_against_history(assay: Assay, tmp_path: Path) -> None:
    rule = policies.rule(NOW).version
    for wrong in (
        [rule + 1],
        [tmp_path / "none.toml"],
        [rule, "--from", "2026-11-02", "--to", "2026-11-01"],
        [rule, "--to", "2026-12-24"],
        [rule, "--from", "2001-01-01"],
    ):
        assert assay("policy", "backtest", *wrong).code == 2, wrong


@pytest.mark.usefixtures("transactional_db", "place")
def test_before_anybody_came_it_says_so(assay: Assay) -> None:
    assert "Nobody came to the gate" in assay("policy", "backtest", policies.rule(NOW).version).out


@pytest.mark.usefixtures("transactional_db")
def test_spark_computes_it_where_it_is_asked_to(assay: Assay, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_history()
    rule, asked = policies.rule(NOW).version, list[tuple[str, str]]()

    def spark(url: str, timezone: str) -> AbstractContextManager[Duck]:
        """What computes the same without a cluster, which tests/engine has."""
        asked.append((url, timezone))
        return duck(timezone)

    expected = [assay("policy", *words, "--json").json for words in (("backtest", rule), ("diff", rule, rule))]
    monkeypatch.setattr("assay.engine.spark.spark", spark)
    there = ("--engine", "spark", "--spark-url", "sc://host", "--json")
    assert [assay("policy", *words, *there).json for words in (("backtest", rule), ("diff", rule, rule))] == expected
    assert [url for url, _ in asked] == ["sc://host"] * 2
    assert (place / "manifest.json").exists(), "a cluster reads what stays where it is"
    for words in (("backtest", rule), ("diff", rule, rule)):
        assert assay("policy", *words, "--spark-url", "sc://host").code == 2
