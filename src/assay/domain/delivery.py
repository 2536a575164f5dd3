"""How a message leaves the outbox: by which channel, what may come of an attempt, and when the next one is due."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """The way a message goes; its destination is an endpoint's number, a user's number or an address."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    SLACK = "slack"
    TEAMS = "teams"
    DESK = "desk"


TO_PEOPLE = (Channel.EMAIL, Channel.SLACK, Channel.TEAMS)
"""The ways to people: a mail goes to a user by number, a chat to one of its addresses by number."""


class Result(StrEnum):
    """What came of an attempt: a refused message is never tried again, of a gone destination none is."""

    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An attempt: its result, in one sentence why it failed, and what the other side answered.

    ``retry_after`` is how long the other side asks to be left alone, with all messages for it.
    """

    result: Result
    said: str = ""
    status: int | None = None
    answer: str = ""
    retry_after: timedelta | None = None


SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The pause after each attempt that failed, the first of which is made at once.

Ten attempts in three days, from "Deliverability and reliability" of the Standard Webhooks specification 1.0.0,
https://github.com/standard-webhooks/standard-webhooks.
"""

JITTER = 0.1
"""So much longer a pause may be, that those who failed together do not come back together."""

LONGEST = SCHEDULE[-1]
"""Nobody is left alone for longer, whatever they ask for."""


def pause(attempts: int, outcome: Outcome, chance: float) -> timedelta | None:
    """How long to wait after so many failed attempts; None when the message is dead. ``chance`` is from 0 to 1."""
    if outcome.result is not Result.FAILED or attempts > len(SCHEDULE):
        return None
    planned = SCHEDULE[attempts - 1] * (1 + JITTER * chance)
    asked = min(outcome.retry_after or timedelta(), LONGEST)
    return max(planned, asked)
