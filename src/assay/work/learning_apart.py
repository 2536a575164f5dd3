"""The process that learns from outcomes once: started by the job, out of the way of everything else."""

import logging
import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

from assay.actions.learning import learn_again  # noqa: E402 - it names the records
from assay.domain.errors import AssayError  # noqa: E402

POLITE = 10
"""How far it stands back where the processor is wanted by others."""

log = logging.getLogger("assay.work.learning")


def main() -> int:
    """Learn, and say what came of it."""
    os.nice(POLITE)
    try:
        row = learn_again(datetime.now(UTC))
    except AssayError as error:
        log.warning("%s", error)
        return error.exit_code
    log.info("learned from %d outcomes: %s", row.outcomes, row.says)
    return 0


if __name__ == "__main__":
    sys.exit(main())
