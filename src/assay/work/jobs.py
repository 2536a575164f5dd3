"""Everything that runs by itself, each job in a thread of its own so that a long one holds up no other."""

import threading
from collections.abc import Callable

from assay.work.scorer import score_while
from assay.work.sweep import sweep_while

JOBS: tuple[Callable[[Callable[[], bool]], None], ...] = (score_while, sweep_while)


def work_while(wanted: Callable[[], bool]) -> None:
    """Run every job until ``wanted`` says no more; each ends what it is doing first."""
    threads = [threading.Thread(target=job, args=(wanted,), name=job.__name__, daemon=True) for job in JOBS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
