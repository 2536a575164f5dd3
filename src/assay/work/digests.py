"""Digests are made by themselves: each person's at the hour they chose."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from assay.actions.digests import make_due_digests
from assay.work.regularly import regularly

EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


def digest_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Make what is due, every minute, for as long as ``wanted`` says so."""
    regularly({digests: EVERY_SECONDS}, wanted, pause)


def digests() -> None:
    """Make what is due now."""
    if made := make_due_digests(datetime.now(UTC)):
        log.info("made %d digests", made)
