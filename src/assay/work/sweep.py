"""Time passes: intent decays and leads cool. A sweep scores them all again; what comes due the scorer counts.

Files that were handed in and never brought in go with it, forms that nobody confirmed, and all else that has been kept
long enough.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from assay.actions.forms import drop_unconfirmed
from assay.actions.scoring import rescore
from assay.actions.uploads import drop_old
from assay.logs import run
from assay.settings import current
from assay.work.regularly import regularly
from assay.work.tidy import tidy

EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


@run("sweep")
def sweep(now: datetime) -> int:
    """Score every lead as of ``now``; returns how many were promoted. What fails is tried next time."""
    try:
        scored, promoted = rescore(now)
        drop_old(now)
        drop_unconfirmed(now)
        tidy(current.retention, now)
    except Exception:
        log.exception("the sweep could not score the leads; it tries again in %s", EVERY)
        return 0
    log.info("scored %d leads, promoted %d", scored, promoted)
    return promoted


def sweep_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Sweep at once and then every hour, for as long as ``wanted`` says so; asks it every ``pause`` seconds."""
    regularly({sweep_now: EVERY.total_seconds()}, wanted, pause)


def sweep_now() -> None:
    """Sweep as of now."""
    sweep(datetime.now(UTC))
