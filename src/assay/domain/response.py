"""First responses: which hot leads had to wait past their clock, which overnight, and how long it takes as a rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from assay.domain.audit import Problem, Times
from assay.domain.policy import Policy
from assay.domain.working_time import WorkingTime, working_time

MOMENT = timedelta(microseconds=1)


class Wait(NamedTuple):
    """A hot lead's wait: since when, until when (None while it waits), and whether a deal came of it."""

    lead_id: int
    start: datetime
    stop: datetime | None
    deal: bool


class Late(NamedTuple):
    """A wait that was longer than the clock allows: in working time, and whether a night passed."""

    wait: Wait
    working: timedelta
    overnight: bool

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the lead shows the mistake by."""
        answered = Problem.ANSWERED_LATE if self.wait.stop else Problem.NOT_ANSWERED
        return (answered, Problem.LEFT_OVERNIGHT) if self.overnight else (answered,)


@dataclass(frozen=True, slots=True)
class Responses:
    """All waits of a period, the late ones among them, and how long they took as a rule."""

    waits: Sequence[Wait]
    late: Sequence[Late]
    times: Times

    @property
    def in_time(self) -> list[Wait]:
        """The waits that ended within the clock, or still may."""
        late = {id(one.wait) for one in self.late}
        return [wait for wait in self.waits if id(wait) not in late]


def responses(waits: Sequence[Wait], policy: Policy, now: datetime) -> Responses:
    """Judge waits by the clock of a first response to a hot lead, in the working time of this policy."""
    clock, target = working_time(policy), policy.clocks.first_response.hot
    took = [clock.between(wait.start, max(wait.start, wait.stop or now)) for wait in waits]
    late = [
        Late(wait, working, _overnight(wait, clock, policy, now))
        for wait, working in zip(waits, took, strict=True)
        if working > target
    ]
    return Responses(waits, late, _times(took, [wait.stop is None for wait in waits]))


def _overnight(wait: Wait, clock: WorkingTime, policy: Policy, now: datetime) -> bool:
    """Whether the first working day on which it could have been answered was over."""
    could = clock.after(wait.start, MOMENT).astimezone(policy.zone).date()
    return (wait.stop or now).astimezone(policy.zone).date() > could


def _times(took: Sequence[timedelta], waits: Sequence[bool]) -> Times:
    """Median and 90th percentile of the Kaplan-Meier estimate, for which whoever waits is known to take longer."""
    if not took:
        return Times(None, None)
    from scipy.stats import CensoredData, ecdf  # here, because it takes long to load

    seconds = [duration.total_seconds() for duration in took]
    ended = [value for value, still in zip(seconds, waits, strict=True) if not still]
    known = CensoredData(ended, right=[value for value, still in zip(seconds, waits, strict=True) if still])
    left = ecdf(known).sf
    return Times(*(_first(left.quantiles, left.probabilities, share) for share in (0.5, 0.1)))


def _first(quantiles: Sequence[float], probabilities: Sequence[float], share: float) -> timedelta | None:
    """The time by which at most this share still waits."""
    times = (time for time, still in zip(quantiles, probabilities, strict=True) if still <= share)
    found = next(times, None)
    return None if found is None else timedelta(seconds=round(float(found)))
