"""Delivers what is in the outbox, several messages at a time so that one slow destination holds up no other."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime

from django.db import close_old_connections, connection

from assay.actions.delivering import Destination, claim, settle
from assay.domain import failures
from assay.domain.delivery import Channel, Outcome, Result
from assay.domain.phrase import Phrase
from assay.records.models import OutboxMessage
from assay.work.channels import CHANNELS, Deliver

AT_ONCE = 8
"""Messages that one process delivers at the same time."""
TO_ONE = 4
"""Who has as many under way gets no more, and no more are taken in one go: some room is left for others."""
IDLE_SECONDS = 0.5
AWAY_SECONDS = 2.0

log = logging.getLogger(__name__)

InFlight = dict["Future[None]", Destination]


def deliver_while(wanted: Callable[[], bool], channels: Mapping[Channel, Deliver] = CHANNELS) -> None:
    """Deliver for as long as ``wanted`` says so, and end what is under way. A database that is away is asked again."""
    in_flight: InFlight = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver") as pool:
        while wanted():
            pause = IDLE_SECONDS
            try:
                pause = 0 if _start(pool, in_flight, channels) else IDLE_SECONDS
            except Exception:
                log.exception("messages could not be taken from the outbox; they wait, and are tried again")
                pause = AWAY_SECONDS
            close_old_connections()
            _wait(in_flight, pause)


def _start(pool: ThreadPoolExecutor, in_flight: InFlight, channels: Mapping[Channel, Deliver]) -> int:
    """Start as many as there is room for; returns how many."""
    busy = [to for to, number in Counter(in_flight.values()).items() if number >= TO_ONE]
    messages = claim(datetime.now(UTC), list(channels), min(AT_ONCE - len(in_flight), TO_ONE), busy)
    for message in messages:
        channel = Channel(message.channel)
        in_flight[pool.submit(deliver, message, channels[channel])] = (channel, message.destination)
    return len(messages)


def _wait(in_flight: InFlight, seconds: float) -> None:
    """Until something under way has ended, but no longer than this; what ended makes room."""
    if in_flight:
        for done in wait(in_flight, seconds, FIRST_COMPLETED).done:
            del in_flight[done]
    else:
        time.sleep(seconds)


def deliver(message: OutboxMessage, how: Deliver) -> None:
    """Try once to deliver a message that was claimed, and note what came of it."""
    try:
        settle(message, attempt(message, how), datetime.now(UTC))
    except Exception:
        log.exception("what came of message %d could not be noted; it is delivered again", message.pk)
    finally:
        connection.close()  # the threads of the pool end without a word, and would leave theirs open


def attempt(message: OutboxMessage, how: Deliver) -> Outcome:
    """What came of one try; a fault of ours is a try that failed."""
    try:
        return how(message, datetime.now(UTC))
    except Exception as error:
        log.exception("message %d could not be delivered; it is tried again", message.pk)
        return Outcome(Result.FAILED, Phrase(failures.OUR_FAULT, error=type(error).__name__))
