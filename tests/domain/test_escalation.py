"""The steps as a clock runs out: when each comes, and that a database looking by start misses none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.clock import Clock, TargetClock, read, read_close_date
from assay.domain.escalation import SPOKEN_FOR, Step, due_step, window
from assay.domain.policy import Policy
from assay.domain.working_time import working_time
from tests.domain import documents

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLICY = Policy.parse(documents.TEXT)
"""Weekdays from 9 to 17 in France; reminds at half of the target, tells at all of it, offers at twice."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=POLICY.zone)


@pytest.mark.parametrize(
    ("now", "step", "at"),
    [
        ("2026-03-06 23:00", None, None),
        ("2026-03-09 09:29", None, None),
        ("2026-03-09 09:30", Step.REMIND, "2026-03-09 09:30"),
        ("2026-03-09 10:00", Step.REMIND, "2026-03-09 09:30"),
        ("2026-03-09 10:01", Step.TELL, "2026-03-09 10:00"),
        ("2026-03-09 11:00", Step.TELL, "2026-03-09 10:00"),
        ("2026-03-09 11:01", Step.OFFER, "2026-03-09 11:00"),
        ("2026-03-23 11:00", Step.OFFER, "2026-03-09 11:00"),
        ("2026-03-23 11:01", None, None),
    ],
)
def test_a_demo_request_of_friday_night_comes_to_its_steps_on_monday(now: str, step: Step | None, at: str | None):
    reading = read(Clock.FIRST_RESPONSE, POLICY, "hot", local("2026-03-06 22:00"), None, local(now))
    due = due_step(reading, "hot", POLICY, local(now))
    assert (due and due.step, due and due.at) == (step, at and local(at))


def test_a_clock_that_was_stopped_has_no_step():
    at = local("2026-03-09 12:00")
    reading = read(Clock.FIRST_RESPONSE, POLICY, "hot", local("2026-03-06 22:00"), at, at + HOUR)
    assert due_step(reading, "hot", POLICY, at + HOUR) is None


@pytest.mark.parametrize(
    ("now", "step"),
    [
        ("2026-03-06 23:59", None),
        ("2026-03-07 00:00", Step.REMIND),
        ("2026-03-09 16:59", Step.REMIND),
        ("2026-03-10 09:01", Step.TELL),
        ("2026-03-11 09:01", Step.OFFER),
    ],
)
def test_once_a_close_date_has_passed_a_follow_up_is_owed(now: str, step: Step | None):
    """Eight hours for a hot deal: a day of work."""
    reading = read_close_date(POLICY, date(2026, 3, 6), local("2026-03-02 09:00"), None, local(now))
    due = due_step(reading, "hot", POLICY, local(now))
    assert (due.step if due else None) == step


@given(
    st.sampled_from([Clock.GATE, Clock.FIRST_RESPONSE, Clock.FOLLOW_UP]),
    st.sampled_from(["hot", "warm", "cold"]),
    st.integers(0, 60 * 86_400),
    st.timedeltas(timedelta(0), 40 * DAY),
)
def test_whoever_has_a_step_to_take_started_in_the_window(
    kind: TargetClock, temperature: str, start: int, passed: timedelta
):
    started = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=start)
    now = started + passed
    reading = read(kind, POLICY, temperature, started, None, now)
    due = due_step(reading, temperature, POLICY, now)
    first, last = window(kind, temperature, POLICY, now)
    if due:
        assert first <= started <= last
        assert due.at <= now <= due.at + SPOKEN_FOR
    hours = working_time(POLICY)
    if not first - 2 * timedelta(seconds=1) <= started <= last:
        assert due is None
    shares = {Step.REMIND: 0.5, Step.TELL: 1.0, Step.OFFER: 2.0}
    assert due is None or hours.between(started, due.at) == reading.target * shares[due.step]
