"""Sorts events and counts signals as they come in.

Seconds after a page view the lead's score has moved, and may stand in the inbox.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections, connection

from assay.actions.counting import Counted, count_waiting, set_aside, waiting
from assay.actions.landing import AWAY, sort_landed, sort_singly
from assay.intake.collector.batches import AT_ONCE, open_batches
from assay.intake.statements import read_statement
from assay.logs import run

MOST = 500
"""Signals of one transaction: on SQLite nobody else writes meanwhile."""
IDLE_SECONDS = 0.2
AWAY_SECONDS = 2.0
REST_SECONDS = 0.01

log = logging.getLogger(__name__)


def score_while(wanted: Callable[[], bool]) -> None:
    """Count what comes in for as long as ``wanted`` says so. A database that is away is asked again."""
    while wanted():
        try:
            sorted_out = _sort()
            _rest()
            counted = _some(MOST)
            _rest()
        except Exception:
            log.exception("signals could not be counted; they wait, and are tried again")
            close_old_connections()
            time.sleep(AWAY_SECONDS)
            continue
        if counted.promoted:
            log.info("promoted %d of %d leads", len(counted.promoted), counted.leads)
        if counted.signals < MOST and sorted_out < AT_ONCE:
            time.sleep(IDLE_SECONDS)


def _rest() -> None:
    """Let others write: SQLite has one writer, and does not let them queue."""
    if connection.vendor == "sqlite":
        time.sleep(REST_SECONDS)


def _sort() -> int:
    """Sort events that landed; where that fails together, singly, setting aside those that cannot be stored."""
    try:
        return sort_landed(AT_ONCE, open_batches)
    except AWAY:
        raise
    except Exception:
        log.exception("events could not be sorted together; each is tried by itself")
    return sort_singly(open_batches)


@run("count")
def _some(most: int) -> Counted:
    """Count signals together; where that fails, singly, setting aside those that would hold up the others for ever."""
    now = datetime.now(UTC)
    try:
        return count_waiting(most, now, read_statement)
    except AWAY:
        raise
    except Exception:
        log.exception("one of %d signals could not be counted; each is tried by itself", most)
    signal_ids = waiting(most, now)
    for signal_id in signal_ids:
        try:
            count_waiting(1, now, read_statement, signal_id)
        except AWAY:
            raise
        except Exception as error:
            log.exception("signal %d was set aside", signal_id)
            set_aside(signal_id, now, error)
    return Counted(len(signal_ids))
