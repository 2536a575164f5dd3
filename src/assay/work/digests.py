"""Digests are made by themselves: each person's at the hour they chose."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from assay.actions.digests import make_due_digests
from assay.logs import run

EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


def digest_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Make what is due, every minute, for as long as ``wanted`` says so. A database that is away is asked again."""
    due = time.monotonic()
    while wanted():
        if time.monotonic() >= due:
            look()
            due = time.monotonic() + EVERY_SECONDS
        time.sleep(pause)


@run("digests")
def look() -> None:
    """Make what is due now; what fails is tried the next time."""
    try:
        if made := make_due_digests(datetime.now(UTC)):
            log.info("made %d digests", made)
    except Exception:
        log.exception("digests could not be made; they are tried again")
    close_old_connections()
