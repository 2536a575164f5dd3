"""Intent: the fold is exact, free of order, and says what the written-out formula says."""

from datetime import datetime, timedelta
from math import fsum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.intent import IntentRule, IntentScore, KindState, Signal, kept_days, merge
from assay.domain.policy_sections import Intent, Temperature
from tests.domain.formula import intent_of
from tests.domain.strategies import DAY, NOW, intents, signals, temperatures

PARIS = ZoneInfo("Europe/Paris")
ZONES = ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


def rules() -> st.SearchStrategy[IntentRule]:
    return st.builds(IntentRule, intents(), temperatures(), st.sampled_from(ZONES).map(ZoneInfo))


def counted(score: IntentScore) -> dict[str, float]:
    return {part.name: part.points for part in score.parts if part.verdict == "counted"}


def close(one: IntentScore, other: IntentScore) -> bool:
    """Whether two scores are the same but for the last bits of a float."""
    return bool(
        counted(one) == pytest.approx(counted(other), abs=1e-9)
        and one.intent == pytest.approx(other.intent, abs=1e-9)
        and (one.pattern, one.temperature, one.milestone) == (other.pattern, other.temperature, other.milestone)
    )


def an_intent(**kinds: dict[str, Any]) -> Intent:
    """These kinds, each 8 points, halved every 10 days, at most 25, unless told otherwise."""
    usual = {"label": "Viewed pricing", "points": 8, "half_life_days": 10, "cap": 25}
    return Intent.model_validate(
        {
            "floor": 20,
            "lone_cap": 15,
            "bands": {"1": 60, "2": 40, "3": 20},
            "pattern": {"within_days": 30, "kinds": 2, "days": 3},
            "signals": {name: usual | kind for name, kind in kinds.items()},
        }
    )


def a_rule(zone: ZoneInfo = PARIS, **kinds: dict[str, Any]) -> IntentRule:
    return IntentRule(an_intent(**kinds), Temperature(hot_days=7, warm_days=30), zone)


def at(kind: str, *days_ago: float) -> list[Signal]:
    return [Signal(f"{kind} {days}", kind, NOW - timedelta(days=days)) for days in days_ago]


# --- The fold is the formula ----------------------------------------------------------------------------


@given(intents(), temperatures(), st.sampled_from(ZONES), signals())
def test_the_fold_is_the_formula(intent: Intent, temperature: Temperature, zone: str, drawn: list[Signal]) -> None:
    rule = IntentRule(intent, temperature, ZoneInfo(zone))
    score = rule.score(rule.fold(drawn, NOW), NOW)
    truth = intent_of(drawn, NOW, intent, temperature, ZoneInfo(zone))

    assert counted(score) == pytest.approx(truth.contributions, abs=1e-9)
    assert score.intent == pytest.approx(truth.intent, abs=1e-9)
    assert (score.pattern, score.temperature, score.milestone) == truth[2:]


@given(rules(), signals(), st.randoms(use_true_random=False))
def test_order_does_not_matter(rule: IntentRule, drawn: list[Signal], chance: Any) -> None:
    mixed = list(drawn)
    chance.shuffle(mixed)
    assert close(rule.score(rule.fold(mixed, NOW), NOW), rule.score(rule.fold(drawn, NOW), NOW))


@given(rules(), signals(), st.data())
def test_the_same_message_again_changes_nothing(rule: IntentRule, drawn: list[Signal], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(drawn)) if drawn else st.just([]))
    assert rule.fold(drawn + again, NOW) == rule.fold(drawn, NOW)


@given(rules(), signals(), signals())
def test_merging_two_people_is_as_if_they_had_been_one(
    rule: IntentRule, ones: list[Signal], others: list[Signal]
) -> None:
    others = [signal._replace(message_id=f"other {signal.message_id}") for signal in others]
    one, other, both = rule.fold(ones, NOW), rule.fold(others, NOW), rule.fold(ones + others, NOW)

    for merged in (merge(one, other), merge(other, one)):
        assert merged.keys() == both.keys()
        for kind, state in both.items():
            assert facts_of(merged[kind]) == facts_of(state)
            assert merged[kind].weight == pytest.approx(state.weight, rel=1e-12)
        assert close(rule.score(merged, NOW), rule.score(both, NOW))
    assert (one, other) == (rule.fold(ones, NOW), rule.fold(others, NOW))


def facts_of(state: KindState) -> tuple[float, ...]:
    """All of a state but its weight, which only the last bits of a float may change."""
    return state.half_life_days, state.ref, state.count, state.first, state.last, *sorted(kept_days(state.days))


@given(rules(), signals(), st.integers(0, 10))
def test_folding_goes_on_where_it_stopped(rule: IntentRule, drawn: list[Signal], cut: int) -> None:
    states = rule.fold(drawn[:cut], NOW)
    assert rule.fold(drawn[cut:], NOW, into=states) == rule.fold(drawn, NOW)


@given(rules(), signals())
def test_forgetting_old_days_never_changes_a_pattern(rule: IntentRule, drawn: list[Signal]) -> None:
    forgetful: dict[str, KindState] = {}
    for signal in drawn:
        for state in rule.fold([signal], NOW, into=forgetful).values():
            state.days = kept_days(state.days)
    assert close(rule.score(forgetful, NOW), rule.score(rule.fold(drawn, NOW), NOW))


@given(st.lists(st.integers(0, 400 * DAY), min_size=1), st.integers(0, 400 * DAY), st.integers(0, 400 * DAY))
def test_decay_in_pieces_is_decay_at_once(times: list[int], first: int, second: int) -> None:
    state = KindState(half_life_days=10)
    for time in times:
        state.add(time, time // DAY)
    between, end = max(times) + first, max(times) + first + second

    paused = KindState(half_life_days=10, weight=state.weight_at(between), ref=between, count=state.count)
    assert paused.weight_at(end) == pytest.approx(state.weight_at(end), rel=1e-12, abs=1e-12)


@given(rules(), signals())
def test_the_parts_add_up_to_the_score(rule: IntentRule, drawn: list[Signal]) -> None:
    score = rule.score(rule.fold(drawn, NOW), NOW)
    assert fsum(part.points for part in score.parts) == pytest.approx(score.intent, abs=1e-9)
    assert 0 <= score.intent <= 100
    assert all(part.sentence and part.axis == "intent" for part in score.parts)


# --- Days ---------------------------------------------------------------------------------------------


@given(st.integers(1_325_376_000, 2_114_380_800), st.sampled_from(ZONES).map(ZoneInfo))
def test_a_day_is_a_calendar_day_of_the_policy(seconds: int, zone: ZoneInfo) -> None:
    """From 2012 to 2036, in zones with odd offsets, half-hour summer times and a day that was left out."""
    assert a_rule(zone, pricing={}).day(seconds) == datetime.fromtimestamp(seconds, zone).toordinal()


def test_days_a_pattern_cannot_see_are_forgotten() -> None:
    assert kept_days({1, 134, 135, 500}) == {135, 500}
    assert kept_days(set()) == set()


# --- What a salesperson reads ----------------------------------------------------------------------------


def sentences(rule: IntentRule, *drawn: Signal) -> list[str]:
    return [part.sentence for part in rule.score(rule.fold(drawn, NOW), NOW).parts]


def test_a_part_says_what_happened_how_often_and_what_it_adds() -> None:
    assert sentences(a_rule(pricing={}), *at("pricing", 6, 3, 3.67)) == [
        "Viewed pricing 3 times in 6 days: +18 of at most 25"
    ]


def test_a_score_that_is_held_says_why() -> None:
    assert sentences(a_rule(pricing={}), *at("pricing", 0, 0.01, 0.02)) == [
        "Viewed pricing 3 times within a day: +24 of at most 25",
        "No pattern yet (2 kinds or 3 days within 30 days): held at 15",
    ]


def test_a_single_signal_of_today() -> None:
    assert sentences(a_rule(pricing={}), *at("pricing", 0.1)) == [
        "Viewed pricing once, within the last day: +7.9 of at most 25"
    ]


def test_a_kind_that_pulls_down() -> None:
    rule = a_rule(jobs={"label": "Looked at our jobs", "points": -10, "cap": 20})
    assert sentences(rule, *at("jobs", 0, 1, 2)) == [
        "Looked at our jobs 3 times in 2 days: -20 of at most -20",
        "Intent stays between 0 and 100",
    ]


def test_nothing_happened_and_nothing_is_said() -> None:
    rule = a_rule(pricing={})
    assert rule.score({}, NOW) == IntentScore(0.0, False, "cold", False, ())
    assert rule.score({"pricing": KindState(10)}, NOW) == rule.score({}, NOW)


def test_points_may_change_without_reading_history_again() -> None:
    states = a_rule(pricing={}).fold(at("pricing", 10, 20), NOW)
    assert a_rule(pricing={"points": 4}).score(states, NOW).intent == pytest.approx(4 / 2 + 4 / 4)
