"""The job that delivers: it outlives a database that is away, and one slow destination holds up no other."""

import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import OperationalError

from assay.domain.delivery import Channel, Outcome, Result
from assay.records.models import OutboxMessage
from assay.work import outbox
from assay.work.outbox import deliver_while
from tests.people import NOW

SECONDS = 20


def message(number: int, destination: str) -> OutboxMessage:
    return OutboxMessage(pk=number, event_id=uuid4(), channel="webhook", destination=destination, created_at=NOW)


class Box:
    """An outbox that stands in no database: what waits, what was delivered, and how often it was asked."""

    def __init__(self, waiting: list[OutboxMessage], faults: int = 0) -> None:
        self.waiting, self.faults = waiting, faults
        self.settled = list[tuple[int, Result]]()

    def claim(
        self, now: datetime, channels: Collection[Channel], most: int, busy: Collection[tuple[Channel, str]]
    ) -> list[OutboxMessage]:
        if self.faults:
            self.faults -= 1
            raise OperationalError("gone")
        names = {destination for _, destination in busy}
        taken = [one for one in self.waiting if one.destination not in names][:most]
        self.waiting = [one for one in self.waiting if one not in taken]
        return taken

    def settle(self, one: OutboxMessage, outcome: Outcome, now: datetime) -> None:
        if one.pk == 13:
            raise OperationalError("gone")
        self.settled.append((one.pk, outcome.result))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Box, Callable[[OutboxMessage], Outcome], int], None]:
    """Delivers from a box until so many are settled."""

    def run(box: Box, how: Callable[[OutboxMessage], Outcome], until: int) -> None:
        monkeypatch.setattr(outbox, "claim", box.claim)
        monkeypatch.setattr(outbox, "settle", box.settle)
        monkeypatch.setattr(outbox, "close_old_connections", lambda: None)
        monkeypatch.setattr(outbox, "IDLE_SECONDS", 0.005)
        monkeypatch.setattr(outbox, "AWAY_SECONDS", 0.0)
        turns = iter(range(int(SECONDS / 0.005)))
        deliver_while(
            lambda: len(box.settled) < until and next(turns, None) is not None,
            {Channel.WEBHOOK: lambda one, now: how(one)},
        )

    return run


def delivered(one: OutboxMessage) -> Outcome:
    return Outcome(Result.DELIVERED)


def test_a_database_that_is_away_is_asked_again(run, caplog: pytest.LogCaptureFixture):
    box = Box([message(1, "a")], faults=3)
    run(box, delivered, 1)
    assert box.settled == [(1, Result.DELIVERED)]
    assert "they wait, and are tried again" in caplog.text


def test_what_cannot_be_noted_ends_nobody(run, caplog: pytest.LogCaptureFixture):
    box = Box([message(13, "a"), message(2, "a")])
    run(box, delivered, 1)
    assert box.settled == [(2, Result.DELIVERED)]
    assert "what came of message 13 could not be noted" in caplog.text


def test_a_slow_destination_leaves_room_for_others(run):
    """Its messages take until all others are delivered; with all room taken that would be never."""
    slow, others = [message(number, "slow") for number in range(20, 40)], [message(number, "b") for number in range(10)]
    box, gate = Box([*slow, *others]), threading.Event()

    def how(one: OutboxMessage) -> Outcome:
        if one.destination == "slow":
            assert gate.wait(SECONDS)
        return Outcome(Result.DELIVERED)

    def open_gate() -> None:
        end = time.monotonic() + SECONDS
        while len(box.settled) < len(others) and time.monotonic() < end:
            time.sleep(0.005)
        gate.set()

    opener = threading.Thread(target=open_gate)
    opener.start()
    run(box, how, 30)
    opener.join()
    assert len(box.settled) == 30
    assert {number for number, _ in box.settled[:10]} == set(range(10))


def test_a_fault_of_ours_is_a_try_that_failed():
    def faulty(one: OutboxMessage, now: datetime) -> Outcome:
        raise ZeroDivisionError

    outcome = outbox.attempt(message(1, "a"), faulty)
    assert (outcome.result, outcome.said) == (Result.FAILED, "A fault of Assay's own: ZeroDivisionError.")
