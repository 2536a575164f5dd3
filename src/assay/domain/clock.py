"""The clocks: how long a lead has waited for what it is owed, in working time, and whether that is still in time.

A clock is never stored. It is read from facts: when it started, when it was stopped, if it was, and what time it is.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum, auto
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from assay.domain.errors import BadInput
from assay.domain.opening_hours import DAY, EPOCH
from assay.domain.phrase import Phrase, Template
from assay.domain.policy import Policy
from assay.domain.policy_sections import Targets
from assay.domain.working_time import END, NOTHING, working_time


class Clock(StrEnum):
    """What is waited for: a decision, a first human touch, the next touch, the end of a deal."""

    GATE = auto()
    FIRST_RESPONSE = auto()
    FOLLOW_UP = auto()
    CLOSE_DATE = auto()


LONGEST_LOOK = timedelta(days=3 * 366)
"""No target is so long that a clock of this age has not reached it, unless nobody works."""


class ClockState(StrEnum):
    """Running or stopped, and in time or not. It is due soon once the policy's share of the target is used."""

    RUNNING = auto()
    DUE_SOON = auto()
    BREACHED = auto()
    MET = auto()
    MET_LATE = auto()


TargetClock = Literal[Clock.GATE, Clock.FIRST_RESPONSE, Clock.FOLLOW_UP]
"""The clocks with a target for each temperature; a close date has its day instead."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock as it stood when read. Moments are in UTC, ``raw`` is all the time that passed, the rest working time."""

    kind: Clock
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    target: timedelta
    raw: timedelta
    working: timedelta
    state: ClockState

    @property
    def left(self) -> timedelta:
        """What is left of the target; negative when it is over."""
        return self.target - self.working


def read(
    kind: TargetClock,
    policy: Policy,
    temperature: str,
    started_at: datetime,
    stopped_at: datetime | None,
    now: datetime,
) -> ClockReading:
    """A clock with a target, as it stands at ``now``; a stop after that has not happened yet.

    ``gate`` runs from promotion to decision, ``first_response`` from hand-raise or acceptance to the first human
    touch, ``follow_up`` from one touch to the next. The caller selects these facts, and an automatic email is never
    one of them. Late is who used more working time than the target, so nothing turns late while nobody works.
    Raises BadInput for an unknown temperature, and when working hours never add up to the target.
    """
    target = _target(kind, policy, temperature)
    due_at = working_time(policy).after(started_at, target)
    return _reading(kind, policy, target, due_at, _run(started_at, stopped_at, now))


def overdue_before(kind: TargetClock, policy: Policy, temperature: str, now: datetime) -> datetime:
    """The moment before which a clock must have started to be past its target at ``now`` (UTC, to the second).

    So that a database can tell the late ones without knowing when people work.
    """
    return started_before(policy, _target(kind, policy, temperature), now)


def started_before(policy: Policy, working: timedelta, now: datetime) -> datetime:
    """The moment before which a clock must have started to have run for more working time than this at ``now``.

    In UTC, to the second.
    """
    hours, end = working_time(policy), now.astimezone(UTC)
    seconds = range(LONGEST_LOOK // timedelta(seconds=1))
    back = bisect_left(seconds, True, key=lambda ago: hours.between(end - timedelta(seconds=ago), end) > working)
    return end - timedelta(seconds=max(0, back - 1))


def read_close_date(
    policy: Policy, close_date: date, started_at: datetime, stopped_at: datetime | None, now: datetime
) -> ClockReading:
    """The clock of a deal, from its start to its outcome: due at the end of the close date in the policy's zone.

    Its target is the working time there was from the start. It is late when the day is over, worked or not.
    """
    due_at = _end_of(close_date, policy.zone)
    target = max(NOTHING, working_time(policy).between(started_at, due_at))
    return _reading(Clock.CLOSE_DATE, policy, target, due_at, _run(started_at, stopped_at, now))


def time_left_text(reading: ClockReading) -> Phrase:
    """What a person needs to know of a clock, in working time: ``3 h 20 min left``."""
    return Phrase(_TEXTS[reading.state], time=amount(abs(reading.left)))


_TEXTS = {
    ClockState.RUNNING: Template("{time} left"),
    ClockState.DUE_SOON: Template("due in {time}"),
    ClockState.BREACHED: Template("{time} over"),
    ClockState.MET: Template("met with {time} left"),
    ClockState.MET_LATE: Template("met {time} late"),
}


def amount(duration: timedelta) -> Phrase:
    """A duration in hours and minutes: ``3 h 20 min``."""
    hours, minutes = divmod(duration // timedelta(minutes=1), 60)
    if hours and minutes:
        return Phrase("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if hours:
        return Phrase("{hours} h", hours=hours)
    return Phrase("{minutes} min", minutes=minutes) if minutes else Phrase("less than 1 min")


def _target(kind: TargetClock, policy: Policy, temperature: str) -> timedelta:
    if temperature not in Targets.model_fields:
        known = ", ".join(Targets.model_fields)
        raise BadInput("unknown_temperature", f'There is no temperature "{temperature}".', f"Use one of {known}.")
    target: timedelta = getattr(getattr(policy.clocks, kind), temperature)
    return target


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a day, within the years in which working time is counted."""
    counted = min(max(day, EPOCH.date()), END.date() - DAY)
    return datetime.combine(counted + DAY, time.min, zone).astimezone(UTC)


class _Run(NamedTuple):
    """From when to when a clock runs, in UTC: moments of one zone would compare by what the wall clock shows."""

    start: datetime
    stop: datetime | None
    until: datetime


def _run(started_at: datetime, stopped_at: datetime | None, now: datetime) -> _Run:
    """A run up to its stop or to ``now``, and no shorter than nothing."""
    start, until = started_at.astimezone(UTC), now.astimezone(UTC)
    stop = stopped_at.astimezone(UTC) if stopped_at else None
    if stop and stop > until:
        stop = None
    return _Run(start, stop, max(start, stop or until))


def _reading(kind: Clock, policy: Policy, target: timedelta, due_at: datetime, run: _Run) -> ClockReading:
    working = working_time(policy).between(run.start, run.until)
    late = run.until >= due_at if kind is Clock.CLOSE_DATE else working > target
    soon = working >= target * policy.clocks.remind_at
    state = _state(stopped=run.stop is not None, late=late, soon=soon)
    return ClockReading(kind, run.start, due_at, run.stop, target, run.until - run.start, working, state)


def _state(*, stopped: bool, late: bool, soon: bool) -> ClockState:
    if stopped:
        return ClockState.MET_LATE if late else ClockState.MET
    if late:
        return ClockState.BREACHED
    return ClockState.DUE_SOON if soon else ClockState.RUNNING
