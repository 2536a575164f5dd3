"""What took long is kept for a minute, in each language; what was quick is read anew."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from django.utils import translation

from assay.desk import kept
from assay.desk.kept import recall


@pytest.fixture(autouse=True)
def nothing_kept_after() -> Iterator[None]:
    yield
    kept.forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(kept, "LONG_SECONDS", 0.15)
    monkeypatch.setattr("assay.desk.kept.time.monotonic", lambda: now[0])
    return now


def test_what_was_quick_is_read_anew(clock: list[float]) -> None:
    answers = iter("ab")
    assert [recall("key", lambda: next(answers)) for _ in range(2)] == ["a", "b"]


def test_what_took_long_is_kept_for_a_minute(clock: list[float]) -> None:
    def read() -> float:
        clock[0] += 1
        return clock[0]

    assert recall("key", read) == recall("key", read) == 1
    assert recall("other", read) == 2
    clock[0] += kept.KEEP_SECONDS
    assert recall("key", read) > 2


def test_each_language_has_its_own(clock: list[float]) -> None:
    def read() -> str:
        clock[0] += 1
        return str(translation.get_language())

    for language in ("en", "de", "en"):
        with translation.override(language):
            assert recall("key", read) == language


def test_what_fails_is_not_kept(clock: list[float]) -> None:
    def read() -> str:
        clock[0] += 1
        raise RuntimeError("gone")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="gone"):
            recall("key", read)
    assert recall("key", lambda: "well") == "well"


def test_only_the_newest_are_kept(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    reads: list[int] = []

    def read(number: int) -> int:
        clock[0] += 1
        reads.append(number)
        return number

    for number in (1, 2, 3, 3, 1):
        recall(number, partial(read, number))
    assert reads == [1, 2, 3, 1]


def test_two_who_ask_at_once_wait_for_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LONG_SECONDS", -1.0)
    reads: list[int] = []
    reading, go_on = threading.Event(), threading.Event()

    def read() -> str:
        reads.append(1)
        reading.set()
        assert go_on.wait(10)
        return "read"

    found: list[str] = []
    askers = [threading.Thread(target=lambda: found.append(recall("key", read))) for _ in range(2)]
    askers[0].start()
    assert reading.wait(10)
    askers[1].start()
    go_on.set()
    for asker in askers:
        asker.join(10)
    assert found == ["read", "read"]
    assert len(reads) == 1
