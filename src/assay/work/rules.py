"""A rule comes into force at its time, and every lead is scored by it as soon as one does."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from assay.actions.policies import publish_due
from assay.actions.scoring import rescore_outdated
from assay.logs import run

IDLE_SECONDS = 5.0

log = logging.getLogger(__name__)


@run("rule")
def follow_rule(now: datetime) -> int:
    """Publish what is due by ``now``, and score whatever was scored by another rule. Returns how many leads that was.

    What is to be done stands in the database, so it survives a restart, and several processes share it.
    """
    for version in publish_due(now):
        log.info("%s is in force", version)
    scored, promoted = rescore_outdated(now)
    if scored:
        log.info("scored %d leads by the rule in force, promoted %d", scored, promoted)
    return scored


def follow_rule_while(wanted: Callable[[], bool]) -> None:
    """Follow the rule for as long as ``wanted`` says so; what fails is tried again."""
    while wanted():
        try:
            follow_rule(datetime.now(UTC))
        except Exception:
            log.exception("the rule could not be followed; it is tried again")
        close_old_connections()
        due = time.monotonic() + IDLE_SECONDS
        while wanted() and time.monotonic() < due:
            time.sleep(0.5)
