"""A sign of life, so that `assay doctor` can tell whether anything works beside the web pages."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from assay.actions.alive import beat

EVERY_SECONDS = 30.0

log = logging.getLogger(__name__)


def beat_while(wanted: Callable[[], bool], pause: float = 0.5) -> None:
    """Give a sign of life twice a minute for as long as ``wanted`` says so; a database that is away is asked again."""
    due = time.monotonic()
    while wanted():
        if time.monotonic() >= due:
            _beat()
            due = time.monotonic() + EVERY_SECONDS
        time.sleep(pause)


def _beat() -> None:
    try:
        beat(datetime.now(UTC))
    except Exception:
        log.exception("no sign of life could be given; it is tried again")
    close_old_connections()
