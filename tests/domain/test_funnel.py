"""The funnel: the worked example exactly, intervals as a statistician would take them, and the leak."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from assay.domain.errors import BadInput
from assay.domain.funnel import REACHED, STEPS, Conversion, conversion, funnel
from assay.domain.ladder import Rung

EXAMPLE = {"visitor": 10_000, "lead": 250, "mql": 78, "sal": 10, "sql": 10, "opportunity": 4, "won": 1}


def counts() -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(STEPS), st.integers(0, 200))


def rates(counted: dict[str, int], *, accept_is_sql: bool = True) -> dict[str, float | None]:
    return {each.step: each.rate for each in funnel(counted, accept_is_sql=accept_is_sql).conversions}


# --- The worked example ---------------------------------------------------------------------------------------


def test_the_worked_example() -> None:
    percent = {step: f"{rate:.1%}" for step, rate in rates(EXAMPLE).items()}
    assert percent == {
        "visitor_to_lead": "2.5%",
        "lead_to_mql": "31.2%",
        "mql_to_sql": "12.8%",
        "sql_to_opportunity": "40.0%",
        "opportunity_to_won": "25.0%",
    }
    assert funnel(EXAMPLE, accept_is_sql=True).leakiest == "mql_to_sql"


def test_the_worked_example_as_programs_get_it() -> None:
    answer = json.loads(json.dumps(funnel(EXAMPLE, accept_is_sql=True).as_json(), allow_nan=False))
    assert [(step["name"], step["count"]) for step in answer["steps"]] == list(EXAMPLE.items())
    assert answer["leakiest"] == "mql_to_sql"

    by_name = {step["name"]: step for step in answer["steps"]}
    handoff = answer["conversions"][2]
    assert handoff["step"] == "mql_to_sql"
    assert (handoff["trials"], handoff["successes"], handoff["rate"]) == (78, 10, 10 / 78)
    assert by_name["sql"] == {
        "name": "sql",
        "count": 10,
        "conversion": handoff["rate"],
        "low": handoff["low"],
        "high": handoff["high"],
        "few": False,
    }
    for name in ("visitor", "sal"):
        assert [by_name[name][key] for key in ("conversion", "low", "high", "few")] == [None, None, None, False]


def test_with_a_vetting_of_its_own_the_handoff_has_two_steps() -> None:
    assert list(rates({**EXAMPLE, "sal": 20}, accept_is_sql=False).items())[2:4] == [
        ("mql_to_sal", 20 / 78),
        ("sal_to_sql", 10 / 20),
    ]
    assert funnel({**EXAMPLE, "sal": 20}, accept_is_sql=False).leakiest == "opportunity_to_won"


# --- Conversions ----------------------------------------------------------------------------------------------


@given(st.integers(0, 5000), st.data())
def test_the_interval_is_the_middle_80_percent_of_a_beta(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    found = conversion("a_to_b", trials, successes)
    believed = beta(1 + successes, 1 + trials - successes)
    assert [found.low, found.high] == pytest.approx([believed.ppf(0.1), believed.ppf(0.9)])


def test_without_trials_nothing_is_known() -> None:
    found = conversion("mql_to_sql", 0, 0)
    assert (found.rate, found.few) == (None, True)
    assert [found.low, found.high] == pytest.approx([0.1, 0.9])


def test_more_that_went_on_than_came_are_no_share() -> None:
    assert conversion("mql_to_sql", 2, 3) == Conversion("mql_to_sql", 2, 3, 1.5, None, None, True)


@pytest.mark.parametrize(("trials", "few"), [(0, True), (29, True), (30, False)])
def test_under_30_trials_are_few(trials: int, few: bool) -> None:
    assert conversion("mql_to_sql", trials, 0).few is few


@given(counts(), st.booleans())
def test_each_conversion_is_between_the_steps_it_names(counted: dict[str, int], accept_is_sql: bool) -> None:
    made = funnel(counted, accept_is_sql=accept_is_sql)
    chain = [each.step.split("_to_") for each in made.conversions]
    assert all(left[1] == right[0] for left, right in pairwise(chain))
    assert [chain[0][0], *(after for _, after in chain)] == [s for s in STEPS if s != "sal" or not accept_is_sql]
    for each, (before, after) in zip(made.conversions, chain, strict=True):
        assert (each.trials, each.successes, each.into) == (counted.get(before, 0), counted.get(after, 0), after)


# --- The leak -------------------------------------------------------------------------------------------------


@given(counts(), st.booleans())
def test_the_leakiest_is_the_first_of_the_lowest_from_lead_upwards(
    counted: dict[str, int], accept_is_sql: bool
) -> None:
    made = funnel(counted, accept_is_sql=accept_is_sql)
    tried = [each for each in made.conversions if each.rate is not None and each.step != "visitor_to_lead"]
    lowest = min((each.rate for each in tried if each.rate is not None), default=None)
    assert made.leakiest == next((each.step for each in tried if each.rate == lowest), None)


def test_traffic_is_no_leak() -> None:
    assert funnel({"visitor": 1_000_000, "lead": 10, "mql": 5}, accept_is_sql=True).leakiest == "mql_to_sql"


def test_of_equal_leaks_the_earlier() -> None:
    halved = {"lead": 160, "mql": 80, "sal": 40, "sql": 40, "opportunity": 20, "won": 10}
    assert funnel(halved, accept_is_sql=True).leakiest == "lead_to_mql"


@pytest.mark.parametrize("counted", [{}, {"visitor": 100}])
def test_without_trials_nothing_leaks(counted: dict[str, int]) -> None:
    assert funnel(counted, accept_is_sql=True).leakiest is None


# --- Input and rungs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "says"),
    [
        ({"lead": 5, "prospect": 1}, 'The funnel has no step "prospect". Its steps are visitor, lead, mql'),
        ({"lead": -1}, "-1 lead cannot be. Give a count of zero or more."),
    ],
)
def test_counts_that_cannot_be_are_refused(counted: dict[str, int], says: str) -> None:
    with pytest.raises(BadInput) as caught:
        funnel(counted, accept_is_sql=True)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("rung", "passed"),
    [
        ("lead", "lead"),
        ("mql", "lead mql"),
        ("pql", "lead mql"),
        ("sal", "lead mql sal"),
        ("sql", "lead mql sal sql"),
        ("opportunity", "lead mql sal sql opportunity"),
        ("lost", "lead mql sal sql opportunity"),
        ("won", "lead mql sal sql opportunity won"),
        ("disqualified", ""),
    ],
)
def test_the_steps_a_rung_has_passed(rung: str, passed: str) -> None:
    assert REACHED[Rung(rung)] == tuple(passed.split())


def test_every_rung_has_its_steps() -> None:
    assert set(REACHED) == set(Rung)
