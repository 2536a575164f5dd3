"""Clocks of first responses, and what a mistake probably cost, against figures worked out by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import beta

from assay.domain.audit import NEXT_STEPS, NOTHING, OF, PROBLEMS, SAID, TITLES, Audit, Finding, Mistake, Problem
from assay.domain.audit_cost import Tried, missed, time_spent, waiting
from assay.domain.clock import Clock, ClockState, overdue_before, read
from assay.domain.response import Wait, responses
from assay.domain.worth import Worth
from assay.policies import shipped

POLICY = shipped()
WEDNESDAY = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
"""Ten in the morning in Paris."""
HOUR = timedelta(hours=1)


def a_wait(start: datetime, hours: float | None, lead_id: int = 1, deal: bool = False) -> Wait:
    return Wait(lead_id, start, start + hours * HOUR if hours is not None else None, deal)


def test_everything_that_can_be_found_has_its_words_and_one_place():
    assert list(PROBLEMS) == list(Mistake)
    placed = [problem for problems in PROBLEMS.values() for problem in problems]
    assert sorted(placed) == sorted(Problem)
    for words in (TITLES, OF, NEXT_STEPS, NOTHING):
        assert list(words) == list(Mistake)
    assert set(SAID) == set(Problem)


def test_the_first_mistake_that_was_made_is_the_one_to_fix_first():
    clean = Finding(Mistake.RAW_LEADS, 0, 0, {})
    never = Finding(Mistake.ONE_WAY_HANDOFF, 0, 40, {}, never_rejected=True)
    assert Audit((clean,)).first is None
    assert Audit((clean, never)).first is never
    assert (clean.share, never.share) == (None, 0)


def test_an_hour_of_working_time_is_in_time_and_a_minute_more_is_late():
    found = responses([a_wait(WEDNESDAY, 1), a_wait(WEDNESDAY, 1 + 1 / 60)], POLICY, WEDNESDAY + 5 * HOUR)
    assert [late.wait.stop for late in found.late] == [WEDNESDAY + timedelta(minutes=61)]
    assert found.late[0].problems == (Problem.ANSWERED_LATE,)
    assert len(found.in_time) == 1


def test_a_night_and_a_weekend_are_no_working_time_but_a_day_that_passed_is_left_overnight():
    evening = datetime(2026, 11, 6, 20, 0, tzinfo=UTC)  # Friday, long closed
    early = a_wait(evening, 60.5)  # Monday 08:30 UTC: half an hour after opening
    next_evening = a_wait(evening, 69)  # Monday 17:00 UTC, just at closing
    tuesday = a_wait(evening, 84.5)
    found = responses([early, next_evening, tuesday], POLICY, evening + timedelta(days=9))
    assert [late.wait for late in found.late] == [next_evening, tuesday]
    assert [late.overnight for late in found.late] == [False, True]
    assert found.late[0].working == 9 * HOUR


def test_who_still_waits_counts_up_to_now():
    found = responses([a_wait(WEDNESDAY, None)], POLICY, WEDNESDAY + 2 * HOUR)
    assert found.late[0].problems == (Problem.NOT_ANSWERED,)
    assert responses([a_wait(WEDNESDAY, None)], POLICY, WEDNESDAY + HOUR).late == []


def test_the_median_counts_those_who_wait_as_taking_longer():
    """Kaplan-Meier by hand: of four, one is answered after 1 h, one waits since 2 h, one 3 h, one since 4 h."""
    now = WEDNESDAY + 4 * HOUR
    some = [a_wait(WEDNESDAY, 1), a_wait(now - 2 * HOUR, None), a_wait(WEDNESDAY, 3), a_wait(WEDNESDAY, None)]
    times = responses(some, POLICY, now).times
    assert (times.median, times.p90) == (3 * HOUR, None)  # 3/4 wait after 1 h, 3/4 * 1/2 after 3 h
    assert responses([], POLICY, now).times.median is None
    only_waiting = responses([a_wait(WEDNESDAY, None)], POLICY, now).times
    assert only_waiting.median is None


@pytest.mark.parametrize("temperature", ["hot", "warm", "cold"])
@pytest.mark.parametrize("now", [WEDNESDAY, WEDNESDAY + timedelta(days=4, hours=13, minutes=7, seconds=1)], ids=str)
def test_a_clock_is_overdue_exactly_where_it_started_before(temperature: str, now: datetime):
    moment = overdue_before(Clock.GATE, POLICY, temperature, now)
    states = [
        read(Clock.GATE, POLICY, temperature, moment + timedelta(seconds=shift), None, now).state for shift in (-1, 0)
    ]
    assert states[0] is ClockState.BREACHED
    assert states[1] is not ClockState.BREACHED


def test_time_is_reckoned_by_kind_of_contact():
    cost = time_spent({"call": 3, "meeting": 1})
    assert cost.hours is not None
    assert (cost.hours.low, cost.hours.value, cost.hours.high) == (1.0, 1.5, 2.5)
    assert cost.deals is None
    assert "4 contacts at 10 min a call" in cost.how


def test_late_answers_cost_what_those_in_time_bring_more():
    cost = missed(40, Tried(40, 4), Tried(60, 30), Tried(50, 25), Worth(25, 10_000, 0.0, "EUR"))
    assert cost.deals is not None
    assert cost.revenue is not None
    expected = 40 * (0.5 - 0.1) * 0.5
    assert cost.deals.value == pytest.approx(expected)
    assert cost.deals.low < expected < cost.deals.high
    assert cost.revenue.value == pytest.approx(expected * 10_000)
    assert cost.currency == "EUR"
    none = missed(40, Tried(40, 30), Tried(60, 3), Tried(50, 25), None)
    assert none.deals is not None
    assert (none.deals.value, none.deals.low) == (0, 0)
    assert none.revenue is None


def test_the_range_holds_the_truth_as_often_as_it_says():
    """Shares drawn as the prior says, histories drawn from the shares: 80 % of the ranges hold what was true."""
    random = np.random.default_rng(7)
    held, runs = 0, 400
    for _ in range(runs):
        decided, won = random.uniform(size=2)
        deals = waiting(10, _seen(random, 30, decided), _seen(random, 9, won), None).deals
        assert deals is not None
        held += deals.low <= 10 * decided * won <= deals.high
    assert 0.75 < held / runs < 0.86


def _seen(random: np.random.Generator, trials: int, share: float) -> Tried:
    return Tried(trials, int(random.binomial(trials, share)))


def test_waiting_leads_cost_what_decided_ones_bring_with_the_range_of_the_posterior():
    """With deals certain to be won the range is that of one Beta posterior, which scipy knows."""
    cost = waiting(100, Tried(90, 9), Tried(10**9, 10**9), None)
    assert cost.deals is not None
    assert cost.deals.value == pytest.approx(10)
    assert (cost.deals.low, cost.deals.high) == pytest.approx(tuple(100 * beta(10, 82).ppf([0.1, 0.9])), rel=0.02)
