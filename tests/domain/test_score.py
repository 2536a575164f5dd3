"""The whole score: the MQL rule written out, the grid, and the order of every list."""

import json
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.facts import Facts, Value
from assay.domain.intent import Signal
from assay.domain.policy import Policy
from assay.domain.score import Score, Scorer, best_first, rounded
from tests import cases
from tests.domain.documents import as_toml, edited
from tests.domain.strategies import NOW, signals

SCORER = Scorer(cases.policy())

SWITCH = {"page": "page_view", "price": "pricing_view", "demo": "demo_request", "trial": "content_download"}


def leads() -> st.SearchStrategy[Facts]:
    """Nina with some facts unknown or otherwise."""
    otherwise: st.SearchStrategy[Value] = st.sampled_from(["", "free", "BR", "VP", 5, 50_000])
    changes = st.dictionaries(st.sampled_from(list(cases.people()["nina"])), otherwise)
    return changes.map(lambda changed: {**cases.people()["nina"], **changed})


def drawn_signals() -> st.SearchStrategy[list[Signal]]:
    """Signals of the cases' kinds."""
    return signals(8).map(lambda drawn: [s._replace(kind=SWITCH.get(s.kind, "careers_view")) for s in drawn])


def scored(facts: Facts, drawn: list[Signal]) -> Score:
    return SCORER.score(facts, SCORER.intent.fold(drawn, NOW), NOW)


@given(leads(), drawn_signals())
def test_an_mql_is_the_rule_written_out(facts: Facts, drawn: list[Signal]) -> None:
    score = scored(facts, drawn)
    assert score.insufficient_data == (round(score.coverage, 6) < 50)
    assert score.fits == (round(score.fit, 6) >= 50 and not score.insufficient_data)
    assert score.mql == (
        score.fits and round(score.intent, 6) >= 20 and score.pattern and round(score.fit + score.intent, 6) >= 100
    )


@given(leads(), drawn_signals())
def test_the_parts_add_up_on_both_axes(facts: Facts, drawn: list[Signal]) -> None:
    score = scored(facts, drawn)
    for axis, total in (("fit", score.fit), ("intent", score.intent)):
        assert fsum(part.points for part in score.parts if part.axis == axis) == pytest.approx(total, abs=1e-9)


@given(leads(), drawn_signals())
def test_a_score_travels_as_json(facts: Facts, drawn: list[Signal]) -> None:
    score = scored(facts, drawn)
    read = json.loads(json.dumps(score.as_json(), allow_nan=False))
    assert read["fit"] == score.fit
    assert read["missing"] == list(score.missing)
    assert [part["sentence"] for part in read["parts"]] == [part.sentence for part in score.parts]
    assert set(read["parts"][0]) == {"axis", "name", "points", "sentence", "verdict"}


def by_policy(path: tuple[str, ...], value: float, facts: Facts, drawn: list[Signal]) -> Score:
    """A score by the cases' policy with one number changed."""
    scorer = Scorer(Policy.parse(as_toml(edited(path, value))))
    return scorer.score(facts, scorer.intent.fold(drawn, NOW), NOW)


def test_too_little_data_is_no_fit_however_low_the_floor() -> None:
    little = {"person.title": "CEO", "company.country": "FR"}
    score = by_policy(
        ("fit", "floor"), 30, little, [Signal("a", "demo_request", NOW), Signal("b", "demo_request", NOW)]
    )
    assert (score.fit, score.coverage, score.insufficient_data) == (30, 30, True)
    assert not score.fits
    assert not score.mql


def test_without_a_pattern_there_is_no_mql_however_high_the_lone_cap() -> None:
    score = by_policy(("intent", "lone_cap"), 40, cases.people()["nina"], [Signal("a", "pricing_view", NOW)])
    assert (score.fit, score.intent, score.pattern, score.mql) == (100, 20, False, False)


@pytest.mark.parametrize(
    ("fit", "intent", "cell"),
    [
        (100, 100, "A1"),
        (80, 60, "A1"),
        (79.9999996, 59.9999996, "A1"),
        (79.9999994, 59.9999994, "B2"),
        (65, 40, "B2"),
        (64, 39, "C3"),
        (50, 20, "C3"),
        (49, 19, "D4"),
        (0, 0, "D4"),
    ],
)
def test_the_grid(fit: float, intent: float, cell: str) -> None:
    assert SCORER.grid(fit, intent) == cell


def test_scores_compare_at_six_decimals() -> None:
    assert rounded(49.9999996) == 50
    assert rounded(49.9999994) < 50


def test_the_best_come_first() -> None:
    nina, otto = cases.people()["nina"], cases.people()["otto"]
    demo = [Signal("a", "demo_request", NOW), Signal("b", "demo_request", NOW)]
    pricing = [Signal("a", "pricing_view", NOW), Signal("b", "content_download", NOW)]
    scores = {
        "an MQL with more": scored(nina, demo),
        "an MQL with less": scored(nina, pricing),
        "no MQL for all its fit": scored(nina, pricing[:1]),
        "no MQL with more intent": scored({**otto, "person.title": ""}, demo),
        "no MQL with less": scored(otto, []),
    }
    mixed = sorted(scores)
    assert mixed != list(scores)
    assert sorted(mixed, key=lambda name: best_first(scores[name], name)) == list(scores)


def test_of_equals_the_first_email_comes_first() -> None:
    score = scored(cases.people()["otto"], [])
    assert best_first(score, "a@otto.example") < best_first(score, "b@otto.example")


def test_of_equal_totals_the_greater_intent_comes_first() -> None:
    nina = cases.people()["nina"]
    less_fit = {**nina, "company.employees": 5}
    warm = scored(nina, [Signal("a", "pricing_view", NOW), Signal("b", "content_download", NOW)])
    warmer = scored(less_fit, [Signal("a", "demo_request", NOW), Signal("b", "content_download", NOW)])
    assert warm.total == warmer.total == 130
    assert best_first(warmer, "z@nina.example") < best_first(warm, "a@nina.example")
