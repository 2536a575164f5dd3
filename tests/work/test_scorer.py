"""The scorer beside the server: it goes on, whatever a signal, the database or another process does."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from assay.actions.counting import Counted
from assay.intake.statements import read_statement
from assay.records.models import PendingSignal, Quarantine, Signal
from assay.work import scorer, sweep
from assay.work.scorer import score_while
from tests.actions.events import kinds_of, lead_of, said_to_be, take_in, use
from tests.people import NOW


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorer, "IDLE_SECONDS", 0)
    monkeypatch.setattr(scorer, "AWAY_SECONDS", 0)
    monkeypatch.setattr(scorer, "close_old_connections", lambda: None)


def rounds(count: int) -> Callable[[], bool]:
    """Wanted so many times."""
    answers: Iterator[bool] = iter([True] * count + [False])
    return lambda: next(answers)


@pytest.mark.django_db
def test_it_counts_what_comes_in() -> None:
    take_in(said_to_be("u1"), use("u1"))
    score_while(rounds(1))
    assert kinds_of(lead_of("u1")) == {"pricing_view": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("error", [ZeroDivisionError, AttributeError, RecursionError, ValueError])
def test_a_signal_that_cannot_be_counted_is_set_aside_and_the_others_are_counted(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def faulty(signal: Signal) -> Any:
        if signal.message_id == "bad":
            raise error("a fault")
        return read_statement(signal)

    monkeypatch.setattr(scorer, "read_statement", faulty)
    good = [use("u1", messageId=f"m{number}") for number in range(5)]
    take_in(said_to_be("u1"), *good[:2], {**said_to_be("u2"), "messageId": "bad"}, *good[2:])
    score_while(rounds(2))
    assert not PendingSignal.objects.exists()
    assert kinds_of(lead_of("u1")) == {"pricing_view": 5}
    [row] = Quarantine.objects.all()
    assert (row.code, row.raw) == (
        "not_counted",
        {"signal": Signal.objects.get(message_id="bad").pk, "kind": "identify"},
    )


@pytest.mark.django_db
def test_what_lies_unreadable_in_the_log_is_set_aside_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its properties cannot even be loaded; saying so must not need them."""
    take_in({**said_to_be("u2"), "messageId": "bad"}, said_to_be("u1"), use("u1"))
    bad = Signal.objects.get(message_id="bad").pk
    load = Signal.from_db

    def from_db(*arguments: Any, **said: Any) -> Signal:
        row = load(*arguments, **said)
        if row.pk == bad:
            raise RecursionError("too deep")
        return row

    monkeypatch.setattr(Signal, "from_db", from_db)
    score_while(rounds(1))
    assert not PendingSignal.objects.exists()
    assert kinds_of(lead_of("u1")) == {"pricing_view": 1}
    assert Quarantine.objects.get().code == "not_counted"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, ZeroDivisionError])
def test_it_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    asked: list[int] = []

    def away(*_: object) -> Counted:
        asked.append(1)
        raise error("gone")

    monkeypatch.setattr(scorer, "count_waiting", away)
    monkeypatch.setattr(scorer, "waiting", away)
    monkeypatch.setattr(scorer, "sort_landed", lambda *_: 0)
    score_while(rounds(3))
    assert len(asked) >= 3


@pytest.mark.django_db
def test_a_database_that_goes_away_in_the_middle_sets_nothing_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(said_to_be("u1"), use("u1"))
    answers: list[type[Exception]] = [ZeroDivisionError, OperationalError]

    def fails(most: int, at: datetime, read: object, only: int | None = None) -> Counted:
        raise answers.pop(0)("gone")

    monkeypatch.setattr(scorer, "count_waiting", fails)
    score_while(rounds(1))
    assert PendingSignal.objects.count() == 2
    assert not Quarantine.objects.exists()


def test_the_sweep_outlives_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> int:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(sweep, "rescore", faulty)
    assert sweep.sweep(NOW) == 0
