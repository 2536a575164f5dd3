"""The named cases, on the rules as the domain evaluates them."""

from math import fsum, isclose

import pytest

from assay.domain.score import Scorer
from tests import cases

CASES = cases.read()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: cases.Case) -> None:
    scorer = Scorer(cases.policy(case.policy))
    score = scorer.score(case.facts, scorer.intent.fold(case.signals, case.now), case.now)

    assert case.expect.differences(score.as_json()) == []
    for axis, total in (("fit", score.fit), ("intent", score.intent)):
        parts = fsum(part.points for part in score.parts if part.axis == axis)
        assert isclose(parts, total, abs_tol=1e-9)


def test_every_case_has_a_name_of_its_own_and_expects_something() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.expect.model_fields_set for case in CASES)


def test_a_wrong_expectation_is_seen() -> None:
    expected = cases.Expected(fit=50, mql=True, missing=[], parts={"Size": 20})
    score = {
        "fit": 50.000002,
        "mql": False,
        "missing": ["x"],
        "parts": [{"axis": "fit", "name": "Size", "points": 0.0}],
    }

    assert expected.differences(score) == [
        "fit: expected 50.0, got 50.000002",
        "missing: expected [], got ['x']",
        "mql: expected True, got False",
        "parts: Size: expected 20.0, got 0.0",
    ]


@pytest.mark.parametrize(
    "text", ["pricing_view", "pricing_view yesterday", "pricing_view 3 days ago", "page_view now now"]
)
def test_a_misspelt_signal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no signal"):
        list(cases._signals(text, 0, CASES[0].now))
