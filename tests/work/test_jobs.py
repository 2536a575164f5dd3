"""Everything that runs by itself goes on until it is told to stop."""

import gc
import threading

import pytest

from assay.work import garbage, jobs
from assay.work.jobs import Wanted, work_while


def test_every_job_runs_until_nobody_wants_it():
    ran = list[str]()
    stop = threading.Event()

    def count(wanted: Wanted) -> None:
        ran.append("count")
        stop.wait(5)

    def sweep(wanted: Wanted) -> None:
        ran.append("sweep")
        stop.set()

    work_while(lambda: not stop.is_set(), (count, sweep))
    assert sorted(ran) == ["count", "sweep"]


def test_what_a_job_leaves_in_a_circle_is_collected_by_none_of_them(monkeypatch: pytest.MonkeyPatch):
    """A cursor in it would be closed in the middle of somebody else's transaction."""

    class Circle:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            collected_by.append(threading.current_thread())
            stop.set()

    collected_by, stop = list[threading.Thread](), threading.Event()
    monkeypatch.setattr(garbage, "EVERY_SECONDS", 0.01)

    def leave(wanted: Wanted) -> None:
        Circle()
        kept = [[number] for number in range(100_000)]  # so much that collecting begins by itself, where it may
        stop.wait(20)
        assert kept

    work_while(lambda: not stop.is_set(), (leave,))
    assert collected_by == [threading.current_thread()]
    assert gc.isenabled()


def test_a_job_that_breaks_off_starts_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setattr(jobs, "AGAIN_SECONDS", 0)
    tries = list[int]()

    def broken(wanted: Wanted) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("no luck")

    work_while(lambda: len(tries) < 3, (broken,))
    assert len(tries) == 3
    assert "broken broke off" in caplog.text
