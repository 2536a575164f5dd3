"""The weekly report goes out by itself."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from assay.reports.sending import send_due
from assay.settings import current
from assay.work.regularly import regularly

EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


def report_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Send what is due, every minute, for as long as ``wanted`` says so."""
    regularly({reports: EVERY_SECONDS}, wanted, pause)


def reports() -> None:
    """Send what is due now."""
    if sent := send_due(datetime.now(UTC), current.address or ""):
        log.info("sent %d reports", sent)
