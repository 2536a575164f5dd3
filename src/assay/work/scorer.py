"""Counts signals as they come in: seconds after a page view the lead's score has moved, and may stand in the inbox."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError, close_old_connections

from assay.actions.counting import Counted, count_waiting, set_aside
from assay.intake.statements import read_statement

MOST = 500
"""Signals of one transaction: on SQLite nobody else writes meanwhile."""
IDLE_SECONDS = 0.2
AWAY_SECONDS = 2.0

log = logging.getLogger(__name__)


def score_while(wanted: Callable[[], bool]) -> None:
    """Count what comes in for as long as ``wanted`` says so. A database that is away is asked again."""
    while wanted():
        try:
            counted = count_waiting(MOST, datetime.now(UTC), read_statement)
        except (OperationalError, InterfaceError):
            log.exception("signals could not be counted; they wait, and are tried again")
            close_old_connections()
            time.sleep(AWAY_SECONDS)
            continue
        except Exception:
            log.exception("one of %d signals could not be counted; each is tried by itself", MOST)
            counted = _one_by_one(MOST)
        if counted.promoted:
            log.info("promoted %d of %d leads", len(counted.promoted), counted.leads)
        if counted.signals < MOST:
            time.sleep(IDLE_SECONDS)


def _one_by_one(most: int) -> Counted:
    """Count signals singly, and set aside those for which that fails: they must not hold up the others for ever."""
    done = 0
    for _ in range(most):
        now = datetime.now(UTC)
        try:
            counted = count_waiting(1, now, read_statement)
        except (OperationalError, InterfaceError):
            break
        except Exception as error:
            log.exception("a signal was set aside")
            set_aside(now, error)
            counted = Counted(1)
        if not counted.signals:
            break
        done += 1
    return Counted(done)
