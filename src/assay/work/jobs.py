"""Everything that runs by itself, each job in a thread of its own so that a long one holds up no other."""

import logging
import threading
import time
from collections.abc import Callable

from assay.work.alive import beat_while
from assay.work.backtests import backtest_while
from assay.work.clocks import watch_while
from assay.work.crm import sync_while
from assay.work.digests import digest_while
from assay.work.garbage import run_all
from assay.work.learning import learn_while
from assay.work.outbox import deliver_while
from assay.work.reports import report_while
from assay.work.rules import follow_rule_while
from assay.work.scorer import score_while
from assay.work.sweep import sweep_while

Wanted = Callable[[], bool]
Job = Callable[[Wanted], None]

JOBS: tuple[Job, ...] = (
    score_while,
    sweep_while,
    watch_while,
    follow_rule_while,
    report_while,
    digest_while,
    deliver_while,
    backtest_while,
    learn_while,
    sync_while,
    beat_while,
)
AGAIN_SECONDS = 5.0

log = logging.getLogger(__name__)


def work_while(wanted: Wanted, jobs: tuple[Job, ...] = JOBS) -> None:
    """Run every job until ``wanted`` says no more; each ends what it is doing first."""
    threads = [threading.Thread(target=_keep_going, args=(job, wanted), name=job.__name__, daemon=True) for job in jobs]
    run_all(threads)


def _keep_going(job: Job, wanted: Wanted) -> None:
    """Run a job, and again should it break: a fault in one must not end what the others rely on."""
    while wanted():
        try:
            job(wanted)
        except Exception:
            log.exception("%s broke off; it starts again", job.__name__)
            time.sleep(AGAIN_SECONDS)
