"""Policies: the format loads, every mistake is named with its key and what to do, and nothing else ever comes out."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.domain.errors import AssayError, BadInput, PolicyInvalid
from assay.domain.intent import Signal
from assay.domain.policy import Policy
from assay.domain.score import Score, Scorer
from assay.policies import DEFAULT, SHIPPED, shipped
from tests import cases
from tests.domain import documents
from tests.domain.documents import DOCUMENT, GONE, TEXT, as_toml, edited

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def mistakes(document: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(PolicyInvalid) as caught:
        Policy.parse(as_toml(document))
    return caught.value.mistakes


def at(path: str) -> documents.Path:
    return tuple(int(step) if step.isdecimal() and "criteria" in path else step for step in path.split("."))


# --- The format -----------------------------------------------------------------------------------------


def test_the_format_loads() -> None:
    policy = Policy.parse(TEXT)
    size, *_, student = policy.fit.criteria
    assert (size.field, size.operator, size.operand, size.points) == ("company.employees", "between", (10, 500), 20)
    assert (student.operator, student.operand) == ("matches", ("student",))
    assert (policy.intent.bands.one, policy.intent.bands.three) == (60, 20)
    assert policy.intent.signals["demo_request"].hand_raise
    assert not policy.intent.signals["page_view"].hot
    assert policy.clocks.gate.warm == timedelta(hours=8)
    assert policy.zone == ZoneInfo("Europe/Paris")


def test_what_may_be_left_out_has_a_usual_value() -> None:
    policy = Policy.parse(TEXT)
    assert policy.gate.accept_is_sql
    assert policy.gate.explore == 0
    assert policy.clocks.closed == ()


def test_dates_are_read_as_text_and_as_dates() -> None:
    policy = Policy.parse(as_toml(edited(("clocks", "closed"), ["2026-12-24", date(2026, 12, 31)])))
    assert policy.clocks.closed == (date(2026, 12, 24), date(2026, 12, 31))


@pytest.mark.parametrize(("written", "minutes"), [("1h", 60), ("90m", 90), ("1h30m", 90), (" 24h ", 1440)])
def test_durations(written: str, minutes: int) -> None:
    policy = Policy.parse(as_toml(edited(("clocks", "gate", "cold"), written)))
    assert policy.clocks.gate.cold == timedelta(minutes=minutes)


def test_a_policy_keeps_its_text_and_a_digest_of_it() -> None:
    policy = Policy.parse(TEXT)
    assert policy.text == TEXT
    assert policy.digest == Policy.parse(TEXT).digest
    assert policy.digest != Policy.parse(TEXT + "# one more thought\n").digest
    assert len(policy.digest) == 12


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        cases.policy().mql.threshold = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_load_and_score(name: str) -> None:
    scorer = Scorer(shipped(name))
    assert "other" in scorer.policy.gate.reasons.rejection
    assert scorer.score({}, {}, NOW).insufficient_data


def test_the_default_is_shipped() -> None:
    assert shipped() == shipped(DEFAULT)


def test_an_unknown_shipped_policy_names_the_known() -> None:
    with pytest.raises(BadInput, match="b2b-services, saas"):
        shipped("b2c")


# --- Files that cannot be read ------------------------------------------------------------------------------


def test_a_file_loads_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("\ufeff" + TEXT, encoding="utf-8")
    assert Policy.load(path) == Policy.load(str(path)) == Policy.parse(TEXT)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.toml cannot be read: No such file"):
        Policy.load(tmp_path / "none.toml")


def test_a_file_in_another_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes('name = "Société"'.encode("latin-1"))
    with pytest.raises(BadInput, match="not UTF-8"):
        Policy.load(path)


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(BadInput, match=r"not valid TOML.*line 2") as caught:
        Policy.parse('name = "A"\ntimezone = "Europe/Paris\n')
    assert caught.value.code == "policy_syntax"


@pytest.mark.parametrize(
    "text",
    ["a = 1" + "0" * 5000, "a = " + "[" * 5000 + "]" * 5000, "a = 1\na = 2"],
    ids=["long number", "deep list", "key twice"],
)
def test_what_no_reader_takes_is_a_syntax_error(text: str) -> None:
    with pytest.raises(BadInput, match="not valid TOML"):
        Policy.parse(text)


# --- Mistakes: one each, by key, with what to do ---------------------------------------------------------------

SENSE = [
    (
        "timezone",
        "Mars/Olympus",
        'timezone: "Mars/Olympus" is not a time zone; use an IANA name such as "Europe/Paris"',
    ),
    ("timezone", "Europe", 'timezone: "Europe" is not a time zone; use an IANA name such as "Europe/Paris"'),
    ("timezone", "", 'timezone: "" is not a time zone; use an IANA name such as "Europe/Paris"'),
    ("currency", "eur", 'currency: "eur" is not an ISO 4217 code; use one such as "EUR"'),
    (
        "fit.criteria.0.points",
        25,
        "fit.criteria: the positive points add up to 105, they must add up to exactly 100; take away 5",
    ),
    (
        "fit.criteria.0.points",
        12.5,
        "fit.criteria: the positive points add up to 92.5, they must add up to exactly 100; add 7.5",
    ),
    (
        "fit.criteria.0.name",
        "Budget",
        'fit.criteria: 2 criteria are named "Budget"; give each a name of its own',
    ),
    (
        "fit.criteria.0.field",
        "company.employes",
        'fit.criteria[1] "Company size".field: "company.employes" is not known; '
        'did you mean "company.employees"? A column of your own is lead.<column>',
    ),
    (
        "fit.criteria.0.field",
        "employees",
        'fit.criteria[1] "Company size".field: "employees" must begin with person., company. or lead.',
    ),
    (
        "fit.criteria.8.knockout",
        True,
        'fit.criteria[9] "Personal mailbox": a knockout cannot have negative points; ask for what a good lead has, ',
    ),
    ("fit.bands.B", 85, "fit.bands: A, B, C must fall from best to worst; found 80, 85, 50"),
    ("intent.bands.3", 40, "intent.bands: 1, 2, 3 must fall from best to worst; found 60, 40, 40"),
    (
        "intent.pattern.kinds",
        8,
        "intent.pattern.kinds: asks for 8 kinds, only 7 have positive points; lower it",
    ),
    ("intent.pattern.days", 31, "intent.pattern.days: 31 days do not fit within 30; lower it"),
    (
        "intent.signals.careers_view.hot",
        True,
        "intent.signals.careers_view: points are negative, so it cannot be hot; drop the mark",
    ),
    (
        "temperature.warm_days",
        6,
        "temperature.warm_days: 6 is shorter than hot_days 7; a lead cools from hot to warm to cold",
    ),
    (
        "mql.threshold",
        201,
        "mql.threshold: no lead can reach 201, the best fit and intent add up to 200; lower it",
    ),
    (
        "clocks.hours",
        {},
        "clocks.hours: no working hours at all, so no clock could ever run; list at least one day",
    ),
    ("clocks.hours.mon", ["9-17"], 'clocks.hours.mon: "9-17" is not a span; write it as "09:00-18:00"'),
    (
        "clocks.hours.mon",
        ["09:00+01:00-18:00"],
        'clocks.hours.mon: "09:00+01:00-18:00" is not a span; write it as "09:00-18:00"',
    ),
    (
        "clocks.hours.mon",
        ["17:00-09:00"],
        'clocks.hours.mon: "17:00-09:00" must end after it begins and not overlap the span before it',
    ),
    (
        "clocks.hours.mon",
        ["09:00-13:00", "12:00-17:00"],
        'clocks.hours.mon: "12:00-17:00" must end after it begins and not overlap the span before it',
    ),
    (
        "clocks.holidays",
        "XX",
        'clocks.holidays: "XX" has no holiday calendar; use a country code such as "FR" or "DE-BY"',
    ),
    ("clocks.holidays", "FR-XX", 'clocks.holidays: FR has no part "XX"; use one of '),
]

SHAPE = [
    ("name", GONE, "name is missing: add it"),
    ("name", "", "name is empty: write a text"),
    ("fit.criteria.0.name", 16**5000, "fit.criteria[1].name must be a valid string (found a number that is too long)"),
    ("mql", GONE, "mql is missing: add it"),
    ("mql", 3, "mql must be a table (found 3)"),
    ("mql.treshold", 90, 'mql.treshold is not a key of a policy: did you mean "threshold"?'),
    ("gaet", {}, 'gaet is not a key of a policy: did you mean "gate"?'),
    ("text", "x", "text is not a key of a policy: "),
    ("intent.bands.4", 10, "intent.bands.4 is not a key of a policy: remove it, or use one of 1, 2, 3"),
    (
        "intent.signals.page_view.half_life",
        7,
        'intent.signals.page_view.half_life is not a key of a policy: did you mean "half_life_days"?',
    ),
    (
        "fit.criteria.0.knockuot",
        True,
        'fit.criteria[1] "Company size".knockuot is not a key of a policy: did you mean "knockout"?',
    ),
    ("fit.criteria", [], "fit.criteria is empty: list at least one"),
    ("intent.signals", {}, "intent.signals is empty: list at least one"),
    ("gate.reasons.rejection", {}, "gate.reasons.rejection is empty: list at least one"),
    ("gate.explore", 0.2, "gate.explore must be less than or equal to 0.1 (found 0.2)"),
    ("gate.accept_is_sql", "yes", "gate.accept_is_sql must be a valid boolean (found 'yes')"),
    ("intent.pattern.days", 2.0, "intent.pattern.days must be a valid integer (found 2.0)"),
    ("intent.pattern.within_days", 367, "intent.pattern.within_days must be less than or equal to 366 (found 367)"),
    ("intent.signals.page_view.cap", 0, "intent.signals.page_view.cap must be greater than 0 (found 0)"),
    ("clocks.hours.monday", ["09:00-17:00"], "clocks.hours.monday must be 'mon', 'tue', "),
    ("clocks.closed", ["24.12.2026"], 'clocks.closed: "24.12.2026" is not a date; write it as "2026-12-24"'),
    ("clocks.closed", "2026-12-24", "clocks.closed: must be a list of dates"),
    ("clocks.gate.hot", "soon", 'clocks.gate.hot: "soon" is no duration; write hours and minutes of working time, '),
    ("clocks.gate.hot", "", 'clocks.gate.hot: "" is no duration; '),
    ("clocks.gate.hot", 60, 'clocks.gate.hot: "60" is no duration; '),
    ("clocks.gate.hot", "9" * 30 + "h", f'clocks.gate.hot: "{"9" * 30}h" is no duration; '),
    ("buying_group.roles.boss", 1, "buying_group.roles.boss must be 'decision_maker', "),
]


@pytest.mark.parametrize(("path", "value", "sentence"), SENSE + SHAPE, ids=[path for path, *_ in SENSE + SHAPE])
def test_a_mistake_is_named_with_its_key_and_what_to_do(path: str, value: object, sentence: str) -> None:
    (mistake,) = mistakes(edited(at(path), value))
    assert mistake == sentence or (sentence.endswith(" ") and mistake.startswith(sentence))


def test_a_floor_that_no_lead_can_reach() -> None:
    signals = {"page_view": DOCUMENT["intent"]["signals"]["page_view"]}
    document = edited(("intent", "signals"), signals)
    assert mistakes(document) == (
        "intent.floor: no lead can reach 20, the caps of all signals add up to 10; lower the floor or raise the caps",
        "intent.pattern.kinds: asks for 2 kinds, only 1 have positive points; lower it",
    )


def test_all_mistakes_are_named_at_once() -> None:
    document = edited(at("fit.criteria.0.points"), "25")
    for path, value in {"timezone": "Paris", "mql.threshold": -1, "intent.pattern.days": 40, "currency": GONE}.items():
        document = edited(at(path), value, document)
    found = mistakes(document)
    assert sorted(mistake.split()[0] for mistake in found) == [
        "currency",
        "fit.criteria[1]",
        "intent.pattern.days:",
        "mql.threshold",
        "timezone:",
    ]


# --- Strict about numbers -----------------------------------------------------------------------------------

NUMBERS = [
    "fit.floor",
    "fit.min_coverage",
    "fit.bands.A",
    "fit.criteria.0.points",
    "intent.floor",
    "intent.lone_cap",
    "intent.bands.1",
    "intent.pattern.within_days",
    "intent.signals.page_view.points",
    "intent.signals.page_view.half_life_days",
    "intent.signals.page_view.cap",
    "temperature.hot_days",
    "mql.threshold",
    "mql.cool_off_days",
    "gate.explore",
    "buying_group.roles.champion",
    "buying_group.others_share",
    "clocks.remind_at",
    "clocks.attempts",
]


NO_NUMBERS = {
    "text": "25",
    "true": True,
    "nan": float("nan"),
    "inf": float("inf"),
    "minus inf": float("-inf"),
    "too large": 10**400,
    "too long to print": 16**5000,
    "list": [25],
}


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_a_number_is_a_finite_number_and_nothing_else(path: str, value: object) -> None:
    assert any(path.rpartition(".")[2] in mistake for mistake in mistakes(edited(at(path), value)))


OPERANDS = [
    ({"between": [10]}, "between takes two numbers, the lower one first"),
    ({"between": [500, 10]}, "between takes two numbers, the lower one first"),
    ({"between": [10, True]}, "between takes two numbers, the lower one first"),
    ({"between": [float("nan"), 5]}, "between takes two numbers, the lower one first"),
    ({"between": "10-500"}, "between takes two numbers, the lower one first"),
    ({"at_least": "10"}, "at_least takes a number"),
    ({"at_least": float("inf")}, "at_least takes a number"),
    ({"at_most": True}, "at_most takes a number"),
    ({"is": ["FR"]}, "is takes one text, number or true/false"),
    ({"is": " "}, "is takes one text, number or true/false"),
    ({"in": []}, "in takes a list of texts or numbers that is not empty"),
    ({"in": "FR"}, "in takes a list of texts or numbers that is not empty"),
    ({"not_in": [["FR"]]}, "not_in takes a list of texts or numbers that is not empty"),
    ({"in": [10**400]}, "in takes a list of texts or numbers that is not empty"),
    ({"matches": ["head", ""]}, "matches takes a list of words that is not empty"),
    ({"matches": [5]}, "matches takes a list of words that is not empty"),
    ({"present": False}, "present takes true"),
    ({}, "needs exactly one operator of is, in, not_in, between, at_least, at_most, matches, present; found: none"),
    ({"at_least": 1, "at_most": 5}, "found: at_least, at_most"),
    ({"betwen": [10, 500]}, 'found: betwen; did you mean "between"?'),
    ({"operator": "between", "operand": "x"}, "found: operand, operator"),
]


@pytest.mark.parametrize(("operator", "sentence"), OPERANDS)
def test_an_operator_says_what_it_takes(operator: dict[str, object], sentence: str) -> None:
    criterion = {"name": "Company size", "field": "company.employees", "points": 20} | operator
    (mistake,) = mistakes(edited(("fit", "criteria", 0), criterion))
    assert mistake.startswith('fit.criteria[1] "Company size": ')
    assert mistake.endswith(sentence)


# --- Whatever is written, it loads and scores, or says what is wrong --------------------------------------------

JUNK = st.one_of(
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, 16**5000, -(10**20), 0]),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["1h", "09:00-17:00", "FR", "Europe/Paris", "company.employees", "lead.x", "x" * 300, "\x00"]),
    st.sampled_from([date(2026, 1, 1), time(9, 30), datetime(2026, 1, 1, tzinfo=UTC)]),
    st.lists(st.integers() | st.text(max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=4), st.integers() | st.booleans(), max_size=2),
    st.just({"name": "Extra", "field": "lead.x", "points": 0, "is": 1}),
)

KEYS = st.sampled_from(["is", "in", "between", "matches", "present", "points", "cap", "text", "operator", "hot"])


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The document with up to four places taken away, put otherwise, or added to."""
    document = DOCUMENT
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(documents.paths(document))))
        if draw(st.booleans()) and isinstance(path[-1], str):
            path = (*path[:-1], draw(KEYS | st.text(max_size=5)))
            document = edited(path, draw(JUNK), document)
        else:
            document = edited(path, draw(JUNK | st.just(GONE)), document)
    return document


def score_or_complaint(text: str) -> Score | str:
    """Nina's score by whatever policy the text is, or the sentence that says why it is none."""
    try:
        scorer = Scorer(Policy.parse(text))
    except AssayError as error:
        return error.sentence
    drawn = [Signal(kind, kind, NOW - timedelta(days=days)) for days, kind in enumerate(scorer.policy.intent.signals)]
    return scorer.score(cases.people()["nina"], scorer.intent.fold(drawn, NOW), NOW)


@settings(max_examples=400)
@given(mutated())
def test_any_document_loads_or_says_what_is_wrong(document: dict[str, Any]) -> None:
    assert score_or_complaint(as_toml(document))


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(max_size=5))
def test_any_text_loads_or_says_what_is_wrong(start: int, length: int, put: str) -> None:
    assert score_or_complaint(TEXT[:start] + put + TEXT[start + length :])


def test_the_document_written_back_is_the_same_policy() -> None:
    assert Policy.parse(as_toml(DOCUMENT)).model_dump() == Policy.parse(TEXT).model_dump()
