"""What happens as a clock runs out: the owner is reminded, a manager is told, the lead is offered to somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple

from assay.domain.clock import Clock, ClockReading, ClockState, TargetClock, amount, started_before
from assay.domain.phrase import Phrase, Template
from assay.domain.policy import Policy
from assay.domain.policy_sections import Targets
from assay.domain.working_time import NOTHING, working_time


class Step(StrEnum):
    """The steps in their order, each taken once while a clock runs."""

    REMIND = auto()
    TELL = auto()
    OFFER = auto()


ORDER = tuple(Step)

MOMENT = timedelta(microseconds=1)
SPOKEN_FOR = timedelta(days=14)
"""A step that came due longer ago, because nobody swept or the history was brought in later, is news to nobody: pages
and audit show the lead as late all the same."""

NAMES: Mapping[Clock, Phrase] = {
    Clock.GATE: Phrase("decision"),
    Clock.FIRST_RESPONSE: Phrase("first response"),
    Clock.FOLLOW_UP: Phrase("follow-up"),
    Clock.CLOSE_DATE: Phrase("close date"),
}
"""What a clock waits for."""


@dataclass(frozen=True, slots=True)
class Due:
    """A step whose time has come, and when it came."""

    step: Step
    at: datetime


def due_step(reading: ClockReading, temperature: str, policy: Policy, now: datetime) -> Due | None:
    """The furthest step that a running clock has come to; None where there is none, or it came too long ago.

    The steps are shares of the clock's target, in working time. What is owed once a close date has passed is a
    follow-up: the owner is reminded at once, and the shares are those of that target.
    """
    found = _furthest(reading, temperature, policy, now)
    return found if found and now - found.at <= SPOKEN_FOR else None


def _furthest(reading: ClockReading, temperature: str, policy: Policy, now: datetime) -> Due | None:
    hours, clocks = working_time(policy), policy.clocks
    if reading.stopped_at is not None or reading.state is ClockState.RUNNING:
        return None
    start, target, used = reading.started_at, reading.target, reading.working
    if reading.kind is Clock.CLOSE_DATE:
        if reading.state is not ClockState.BREACHED:
            return None
        start, target = reading.due_at, getattr(clocks.follow_up, temperature)
        used = hours.between(start, now)
    for step, share in ((Step.OFFER, clocks.offer_at), (Step.TELL, clocks.tell_at)):
        if used > target * share:
            return Due(step, hours.after(start, target * share))
    share = 0.0 if reading.kind is Clock.CLOSE_DATE else clocks.remind_at
    return Due(Step.REMIND, hours.after(start, target * share))


def since(reading: ClockReading) -> datetime:
    """By when it started a clock is told from the one before it; of a close date that is its end."""
    return reading.due_at if reading.kind is Clock.CLOSE_DATE else reading.started_at


class Window(NamedTuple):
    """The moments between which a clock must have started to have a step to take now."""

    first: datetime
    last: datetime


def window(kind: TargetClock, temperature: str, policy: Policy, now: datetime) -> Window:
    """So that a database finds the clocks worth reading without knowing when people work; it finds some too many."""
    target: timedelta = getattr(getattr(policy.clocks, kind), temperature)
    clocks = policy.clocks
    return Window(
        started_before(policy, target * clocks.offer_at, now - SPOKEN_FOR) - timedelta(seconds=1),
        started_before(policy, target * clocks.remind_at - MOMENT, now) + timedelta(seconds=1),
    )


def late_since(policy: Policy, now: datetime) -> datetime:
    """The end of the earliest close date that has a step to take now."""
    return min(window(Clock.FOLLOW_UP, temperature, policy, now).first for temperature in Targets.model_fields)


def sentence(reading: ClockReading, who: str, policy: Policy, to: str = "") -> Phrase:
    """What is said of a step: ``Nina North waits: the first response is due in 30 min of working time.``

    ``to`` is whom the lead is offered to with it.
    """
    return retold(facts(reading, policy, to), who)


def facts(reading: ClockReading, policy: Policy, to: str = "") -> dict[str, str | float]:
    """What that sentence is made of beside the name, as JSON: whoever keeps this can say it again in any language."""
    day = (reading.due_at - timedelta(seconds=1)).astimezone(policy.zone).date()
    left = reading.left.total_seconds()
    return {"clock": str(reading.kind), "left": left, "day": day.isoformat(), "to": to}


def retold(facts: Mapping[str, Any], who: str) -> Phrase:
    """The sentence of a step, of its facts."""
    clock, left, to = Clock(facts["clock"]), timedelta(seconds=facts["left"]), facts["to"]
    if clock is Clock.CLOSE_DATE:
        day = date.fromisoformat(facts["day"])
        if to:
            said = Template("The close date of the deal with {who} passed on {day}, and it is offered to {to}.")
            return Phrase(said, who=who, day=day, to=to)
        return Phrase("The close date of the deal with {who} has passed: {day}.", who=who, day=day)
    waited = {"clock": NAMES[clock], "who": who, "time": amount(abs(left))}
    if left > NOTHING:
        return Phrase("{who} waits: the {clock} is due in {time} of working time.", **waited)
    if to:
        said = Template("{who} still waits: the {clock} is {time} over, and the lead is offered to {to}.")
        return Phrase(said, to=to, **waited)
    return Phrase("{who} waits: the {clock} is {time} over.", **waited)
