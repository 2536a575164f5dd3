"""CRMs are synced by themselves, those that are set."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from assay.domain.errors import AssayError
from assay.intake.crm.connect import configured, connect
from assay.intake.crm.crm import Crm
from assay.intake.crm.sync import sync
from assay.logs import run
from assay.settings import current
from assay.work.regularly import regularly

log = logging.getLogger(__name__)


def sync_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Sync every CRM that is set, every so many minutes, for as long as ``wanted`` says so."""
    regularly({sync_all: 60.0 * current.crm_minutes}, wanted, pause)


def sync_all() -> None:
    """One round with each."""
    for name in configured():
        sync_once(name)
        close_old_connections()


@run("sync")
def sync_once(name: str, connect: Callable[[str], Crm] = connect) -> None:
    """One round; what fails is told and tried again the next time."""
    try:
        done = sync(connect(name), lambda: datetime.now(UTC))
    except AssayError as error:
        log.warning("%s was not synced: %s", name, error)
    except Exception:
        log.exception("%s was not synced", name)
    else:
        taken = done.taken_in
        numbers = (name, taken.new, taken.known, taken.corrected, len(taken.refusals), done.told, len(done.refused))
        log.info("%s: %d new, %d known, %d corrected, %d refused; told %d, %d refused", *numbers)
