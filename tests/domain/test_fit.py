"""Fit: what each operator takes for a match, and that the parts of any criteria add up."""

from math import fsum

import pytest
from hypothesis import given

from assay.domain.facts import Facts, Value
from assay.domain.fit import FitRule, FitScore, Verdict
from assay.domain.policy_sections import Fit
from tests.domain.strategies import facts, fits

MATCH, MISS, UNKNOWN = Verdict.MATCH, Verdict.MISS, Verdict.UNKNOWN


def a_fit(*criteria: dict[str, object]) -> FitRule:
    """A rule of these criteria, each of them about ``lead.x`` and worth 100 unless told otherwise."""
    usual = {"name": "X", "field": "lead.x", "points": 100}
    return FitRule(
        Fit.model_validate(
            {
                "floor": 50,
                "min_coverage": 50,
                "bands": {"A": 80, "B": 65, "C": 50},
                "criteria": [usual | criterion for criterion in criteria],
            }
        )
    )


@pytest.mark.parametrize(
    ("operator", "value", "verdict"),
    [
        ({"is": "Software"}, " software ", MATCH),
        ({"is": "Software"}, "Software house", MISS),
        ({"is": "5"}, 5.0, MATCH),
        ({"is": 5}, "5.0", MATCH),
        ({"is": 5}, "five", UNKNOWN),
        ({"is": True}, True, MATCH),
        ({"is": True}, "TRUE", MATCH),
        ({"is": True}, 1, MISS),
        ({"is": 1}, True, UNKNOWN),
        ({"in": ["FR", "DE"]}, "de", MATCH),
        ({"in": ["FR", "DE"]}, "BR", MISS),
        ({"in": [1, 2]}, "2", MATCH),
        ({"in": [1, "many"]}, "many", MATCH),
        ({"in": [1, "many"]}, "few", MISS),
        ({"in": [1, 2]}, "few", UNKNOWN),
        ({"not_in": ["FR", "DE"]}, "BR", MATCH),
        ({"not_in": ["FR", "DE"]}, " fr", MISS),
        ({"not_in": [1, 2]}, "many", UNKNOWN),
        ({"between": [10, 500]}, 10, MATCH),
        ({"between": [10, 500]}, 500.0, MATCH),
        ({"between": [10, 500]}, 9.999, MISS),
        ({"between": [10, 500]}, "500.5", MISS),
        ({"between": [10, 500]}, "10-500", UNKNOWN),
        ({"at_least": 10_000}, "1e4", MATCH),
        ({"at_least": 10_000}, 9_999, MISS),
        ({"at_least": 10_000}, True, UNKNOWN),
        ({"at_least": 10_000}, float("inf"), UNKNOWN),
        ({"at_least": 10_000}, 10**400, UNKNOWN),
        ({"at_most": 6}, 6, MATCH),
        ({"at_most": 6}, 7, MISS),
        ({"at_most": 6}, -1, MATCH),
        ({"matches": ["head"]}, "Head of Sales", MATCH),
        ({"matches": ["head"]}, "Headteacher", MISS),
        ({"matches": ["head"]}, "Forehead", MISS),
        ({"matches": ["VP"]}, "vp, sales", MATCH),
        ({"matches": ["c++"]}, "C++ developer", MATCH),
        ({"matches": ["managing director"]}, "Managing Director", MATCH),
        ({"matches": ["chef"]}, "Chef de cuisine", MATCH),
        ({"matches": ["directeur"]}, "Directrice", MISS),
        ({"matches": ["é"]}, "théâtre", MISS),
        ({"matches": ["12"]}, 12.0, MATCH),
        ({"present": True}, "anything", MATCH),
        ({"present": True}, False, MATCH),
        ({"present": True}, 0, MATCH),
    ],
)
def test_operator(operator: dict[str, object], value: Value, verdict: Verdict) -> None:
    assert a_fit(operator).verdicts({"lead.x": value}) == [verdict]


@pytest.mark.parametrize(
    "operator",
    [
        {"is": "x"},
        {"is": False},
        {"in": ["x"]},
        {"not_in": ["x"]},
        {"between": [-1, 1]},
        {"at_least": -1},
        {"at_most": 1},
        {"matches": ["x"]},
        {"present": True},
    ],
)
@pytest.mark.parametrize("nothing", [{}, {"lead.x": None}, {"lead.x": "  "}, {"lead.x": float("nan")}])
def test_nothing_known_is_unknown_to_every_operator(operator: dict[str, object], nothing: Facts) -> None:
    score = a_fit(operator).score(nothing)
    assert score == FitScore(0.0, 0.0, ("lead.x",), score.parts)
    assert [part.sentence for part in score.parts] == ["X: not known (0)"]


def test_the_parts_say_what_counted() -> None:
    rule = a_fit(
        {"name": "Size", "field": "company.employees", "between": [10, 500], "points": 60},
        {"name": "Country", "field": "company.country", "in": ["FR"], "points": 40, "knockout": True},
        {"name": "Private", "field": "person.email_kind", "is": "free", "points": -20},
    )
    leads: list[Facts] = [
        {"company.employees": 120.0, "company.country": "BR", "person.email_kind": "free"},
        {"company.employees": "many", "company.country": "FR", "person.email_kind": "work"},
        {"company.employees": 5},
    ]
    assert [part.sentence for lead in leads for part in rule.score(lead).parts] == [
        "Size: 120 (+60)",
        "Country: BR is not what we look for (0)",
        "Private: free (-20)",
        "Country: a knockout, so fit is 0 whatever the rest",
        'Size: "many" cannot be judged (0)',
        "Country: FR (+40)",
        "Private: work, does not apply (0)",
        "Size: 5 is not what we look for (0)",
        "Country: not known (0)",
        "Private: not known (0)",
    ]


def test_a_long_fact_is_shown_short() -> None:
    (part,) = a_fit({"present": True}).score({"lead.x": "y" * 500}).parts
    assert part.sentence == f"X: {'y' * 80} (+100)"


def test_a_field_asked_twice_is_missing_once() -> None:
    rule = a_fit({"name": "Small", "at_most": 50, "points": 40}, {"name": "Tiny", "at_most": 5, "points": 60})
    assert rule.score({}).missing == ("lead.x",)


def test_a_fact_without_points_is_not_asked_for() -> None:
    rule = a_fit({"at_most": 50}, {"name": "Rival", "field": "lead.y", "is": "no", "points": 0, "knockout": True})
    assert rule.score({"lead.x": 1}) == FitScore(100.0, 100.0, (), rule.score({"lead.x": 1}).parts)


def test_a_knockout_at_zero_takes_nothing_away() -> None:
    rule = a_fit({"is": "a", "knockout": True})
    assert str(rule.score({"lead.x": "b"}).parts[-1].points) == "0.0"


@given(fits(), facts())
def test_the_parts_add_up_to_fit_within_0_and_100(fit: Fit, known: dict[str, Value]) -> None:
    score = FitRule(fit).score(known)
    assert 0 <= score.fit <= 100
    assert fsum(part.points for part in score.parts) == pytest.approx(score.fit, abs=1e-9)
    assert all(part.sentence and part.axis == "fit" for part in score.parts)


@given(fits(), facts())
def test_fit_is_the_rule_written_out(fit: Fit, known: dict[str, Value]) -> None:
    rule = FitRule(fit)
    judged = list(zip(fit.criteria, rule.verdicts(known), strict=True))
    score = rule.score(known)

    asked = {criterion.field for criterion, verdict in judged if verdict is UNKNOWN and criterion.points > 0}
    covered = sum(criterion.points for criterion, verdict in judged if verdict is not UNKNOWN and criterion.points > 0)
    matched = sum(criterion.points for criterion, verdict in judged if verdict is MATCH)
    out = any(criterion.knockout and verdict is MISS for criterion, verdict in judged)
    assert set(score.missing) == asked
    assert score.coverage == pytest.approx(covered, abs=1e-9)
    assert score.fit == pytest.approx(0 if out else min(100, max(0, matched)), abs=1e-9)
