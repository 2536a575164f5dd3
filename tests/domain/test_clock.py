"""Clocks: what is owed when, in working time, and whether it was or still is in time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.clock import Clock, ClockReading, ClockState, TargetClock, read, read_close_date, time_left_text
from assay.domain.errors import BadInput
from assay.domain.policy import Policy
from assay.domain.working_time import working_time
from tests.domain import documents

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLICY = Policy.parse(documents.TEXT)
"""Weekdays from 9 to 17 in France; the gate's target is 1 h hot, 8 h warm, 16 h cold; reminds at half of it."""

TARGETS: tuple[TargetClock, ...] = (Clock.GATE, Clock.FIRST_RESPONSE, Clock.FOLLOW_UP)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=POLICY.zone)


def gate(temperature: str, start: str, now: str, stop: str | None = None) -> ClockReading:
    return read(Clock.GATE, POLICY, temperature, local(start), local(stop) if stop else None, local(now))


def test_a_demo_request_on_friday_night_is_due_on_monday_morning() -> None:
    reading = read(Clock.FIRST_RESPONSE, POLICY, "hot", local("2026-03-06 22:00"), None, local("2026-03-09 09:15"))
    assert reading.due_at == local("2026-03-09 10:00")
    assert reading.raw == 2 * DAY + 11 * HOUR + 15 * MINUTE
    assert reading.working == 15 * MINUTE
    assert reading.left == 45 * MINUTE
    assert reading.state is ClockState.RUNNING


@pytest.mark.parametrize(
    ("now", "state", "text"),
    [
        ("2026-03-02 09:00", ClockState.RUNNING, "8 h left"),
        ("2026-03-02 12:59", ClockState.RUNNING, "4 h 1 min left"),
        ("2026-03-02 13:00", ClockState.DUE_SOON, "due in 4 h"),
        ("2026-03-02 16:35", ClockState.DUE_SOON, "due in 25 min"),
        ("2026-03-02 17:00", ClockState.DUE_SOON, "due in less than 1 min"),
        ("2026-03-03 08:00", ClockState.DUE_SOON, "due in less than 1 min"),
        ("2026-03-03 09:00:01", ClockState.BREACHED, "less than 1 min over"),
        ("2026-03-03 11:10", ClockState.BREACHED, "2 h 10 min over"),
    ],
)
def test_a_warm_lead_waits_at_the_gate(now: str, state: ClockState, text: str) -> None:
    """It may wait for one working day of eight hours; at night nothing turns late."""
    reading = gate("warm", "2026-03-02 08:00", now)
    assert reading.due_at == local("2026-03-02 17:00")
    assert (reading.state, time_left_text(reading)) == (state, text)


@pytest.mark.parametrize(
    ("stop", "state", "text"),
    [
        ("2026-03-02 11:20", ClockState.MET, "met with 5 h 40 min left"),
        ("2026-03-02 23:00", ClockState.MET, "met with less than 1 min left"),
        ("2026-03-03 11:10", ClockState.MET_LATE, "met 2 h 10 min late"),
    ],
)
def test_a_decision_stops_the_clock_for_good(stop: str, state: ClockState, text: str) -> None:
    soon, later = (gate("warm", "2026-03-02 08:00", now, stop) for now in (stop, "2026-12-01 12:00"))
    assert soon == later
    assert soon.stopped_at == local(stop)
    assert (soon.state, time_left_text(soon)) == (state, text)


def test_a_stop_that_is_still_to_come_has_not_happened() -> None:
    reading = gate("warm", "2026-03-02 08:00", "2026-03-02 10:00", stop="2026-03-02 11:00")
    assert reading == gate("warm", "2026-03-02 08:00", "2026-03-02 10:00")


def test_a_clock_never_counts_backwards() -> None:
    for reading in (
        gate("hot", "2026-03-02 12:00", "2026-03-02 10:00"),
        gate("hot", "2026-03-02 12:00", "2026-03-02 13:00", stop="2026-03-02 11:00"),
    ):
        assert reading.raw == reading.working == timedelta(0)
        assert reading.left == HOUR


def test_the_repeated_hour_is_real_time() -> None:
    first, again = local("2026-10-25 02:30"), local("2026-10-25 02:30").replace(fold=1)
    assert read(Clock.GATE, POLICY, "hot", first, None, again).raw == HOUR


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("temperature", ["hot", "warm", "cold"])
def test_each_clock_has_a_target_for_each_temperature(kind: TargetClock, temperature: str) -> None:
    targets = {
        Clock.GATE: {"hot": 1, "warm": 8, "cold": 16},
        Clock.FIRST_RESPONSE: {"hot": 1, "warm": 4, "cold": 24},
        Clock.FOLLOW_UP: {"hot": 8, "warm": 24, "cold": 40},
    }
    now = local("2026-03-02 10:00")
    assert read(kind, POLICY, temperature, now, None, now).target == targets[kind][temperature] * HOUR


def test_an_unknown_temperature_is_refused() -> None:
    with pytest.raises(BadInput, match=r'no temperature "tepid"\. Use one of hot, warm, cold\.'):
        gate("tepid", "2026-03-02 10:00", "2026-03-02 10:00")


def instants() -> st.SearchStrategy[datetime]:
    return st.integers(0, 60 * 86_400_000).map(
        lambda passed: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(milliseconds=passed)
    )


@given(st.sampled_from(TARGETS), st.sampled_from(["hot", "warm", "cold"]), instants(), instants(), st.booleans())
def test_state_follows_from_what_is_left(
    kind: TargetClock, temperature: str, start: datetime, end: datetime, stopped: bool
) -> None:
    start, end = sorted((start, end))
    reading = read(kind, POLICY, temperature, start, end if stopped else None, end)
    late = reading.left < timedelta(0)
    assert (reading.state in (ClockState.MET, ClockState.MET_LATE)) is stopped
    assert (reading.state in (ClockState.BREACHED, ClockState.MET_LATE)) is late
    assert reading.left == working_time(POLICY).between(end, reading.due_at)
    assert (reading.state is ClockState.RUNNING) is (not stopped and reading.working < reading.target / 2)
    assert late <= (end > reading.due_at)


# --- The close date of a deal -------------------------------------------------------------------------


def deal(now: str, stop: str | None = None, start: str = "2026-03-02 09:00") -> ClockReading:
    """A deal to close on Friday the 6th: forty working hours."""
    return read_close_date(POLICY, date(2026, 3, 6), local(start), local(stop) if stop else None, local(now))


@pytest.mark.parametrize(
    ("now", "state", "text"),
    [
        ("2026-03-03 10:00", ClockState.RUNNING, "31 h left"),
        ("2026-03-05 09:00", ClockState.DUE_SOON, "due in 16 h"),
        ("2026-03-06 23:59", ClockState.DUE_SOON, "due in less than 1 min"),
        ("2026-03-07 00:00", ClockState.BREACHED, "less than 1 min over"),
        ("2026-03-09 12:30", ClockState.BREACHED, "3 h 30 min over"),
    ],
)
def test_a_close_date_passes_at_its_midnight(now: str, state: ClockState, text: str) -> None:
    reading = deal(now)
    assert reading.kind is Clock.CLOSE_DATE
    assert reading.due_at == local("2026-03-07 00:00")
    assert reading.target == 40 * HOUR
    assert (reading.state, time_left_text(reading)) == (state, text)


def test_a_deal_closed_on_its_day_is_in_time_and_on_the_next_is_not() -> None:
    assert deal("2026-04-01 12:00", stop="2026-03-06 22:00").state is ClockState.MET
    assert deal("2026-04-01 12:00", stop="2026-03-07 08:00").state is ClockState.MET_LATE


def test_a_deal_entered_after_its_close_date_is_late_at_once() -> None:
    reading = deal("2026-03-10 10:00", start="2026-03-10 09:00")
    assert (reading.target, reading.left, reading.state) == (timedelta(0), -HOUR, ClockState.BREACHED)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_close_date_that_means_never_is_read_all_the_same(day: date) -> None:
    start = local("2026-03-02 09:00")
    reading = read_close_date(POLICY, day, start, None, start)
    assert reading.due_at.year == (1970 if day == date.min else 2099)
    assert reading.state is (ClockState.BREACHED if day == date.min else ClockState.RUNNING)
