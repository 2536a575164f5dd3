"""What comes round: done at once and then every so often, and what fails is told and done again the next time."""

import logging
import time
from collections.abc import Callable, Mapping

from django.db import close_old_connections

from assay.logs import run

log = logging.getLogger(__name__)


def regularly(
    jobs: Mapping[Callable[[], object], float], wanted: Callable[[], bool], pause: float = 1.0, first: float = 0.0
) -> None:
    """Do each job every so many seconds, after ``first`` seconds, for as long as ``wanted`` says so.

    ``wanted`` is asked every ``pause`` seconds. A database that is away is asked again.
    """
    due = dict.fromkeys(jobs, time.monotonic() + first)
    while wanted():
        for job, seconds in jobs.items():
            if time.monotonic() >= due[job]:
                once(job)
                due[job] = time.monotonic() + seconds
        time.sleep(pause)


def once(job: Callable[[], object]) -> None:
    """Do it, and let go of a connection that is broken or was idle for longer than a server keeps one."""
    with run(job.__name__):
        try:
            job()
        except Exception:
            log.exception("%s failed; it is tried again", job.__name__)
    close_old_connections()
