"""The weekly report goes out by itself."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from assay.logs import run
from assay.reports.sending import send_due
from assay.settings import current

EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


def report_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Send what is due, every minute, for as long as ``wanted`` says so. A database that is away is asked again."""
    due = time.monotonic()
    while wanted():
        if time.monotonic() >= due:
            look()
            due = time.monotonic() + EVERY_SECONDS
        time.sleep(pause)


@run("report")
def look() -> None:
    """Send what is due now; what fails is tried the next time."""
    try:
        if sent := send_due(datetime.now(UTC), current.address or ""):
            log.info("sent %d reports", sent)
    except Exception:
        log.exception("reports could not be sent; they are tried again")
    close_old_connections()
