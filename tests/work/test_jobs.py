"""Everything that runs by itself goes on until it is told to stop."""

import threading

import pytest

from assay.work import jobs
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
