"""On SQLite a long job leaves the one writer to others now and then: they would else be told that it is locked."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from assay.actions import writing
from assay.actions.writing import REST_SECONDS, SHARE, in_transaction


class Clock:
    """Time that passes only where a test says so, and how long was rested."""

    def __init__(self) -> None:
        self.now, self.rests = 0.0, list[float]()

    def taking(self, seconds: float) -> Callable[[], None]:
        """Work that takes so long."""

        def work() -> None:
            self.now += seconds

        return work


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(writing, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=clock.rests.append))
    monkeypatch.setattr(writing, "_owed", SimpleNamespace())
    return clock


def test_a_long_job_rests_for_its_share_and_never_too_briefly_to_be_seen(transactional_db: None, clock: Clock) -> None:
    for _ in range(40):
        in_transaction(clock.taking(0.25))
    if connection.vendor == "postgresql":
        assert clock.rests == []
        return
    assert min(clock.rests) >= REST_SECONDS
    assert sum(clock.rests) == pytest.approx(SHARE * 10, rel=0.1)


def test_one_long_transaction_is_no_reason_to_wait_long_after_it(transactional_db: None, clock: Clock) -> None:
    in_transaction(clock.taking(600))
    assert clock.rests == ([] if connection.vendor == "postgresql" else [2 * REST_SECONDS])


def test_what_one_person_decides_rests_never(transactional_db: None, clock: Clock) -> None:
    for _ in range(1_000):
        in_transaction(clock.taking(0.015))
    assert clock.rests == []


def test_nobody_rests_while_holding_the_writer(transactional_db: None, clock: Clock) -> None:
    with transaction.atomic():
        for _ in range(40):
            in_transaction(clock.taking(0.25))
    assert clock.rests == []
