"""What has been kept long enough goes: a little at a time, so that nobody waits, and safe to be cut off anywhere."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from assay.actions.once import drop_answers
from assay.actions.retention import (
    drop_digests,
    drop_messages,
    drop_notifications,
    drop_quarantine,
    drop_visitors,
    fold_counts,
    strip_signals,
)
from assay.domain.retention import Retention

DROPS: dict[str, Callable[[Retention, datetime], int]] = {
    "refused rows": drop_quarantine,
    "messages": drop_messages,
    "notifications": drop_notifications,
    "digests": drop_digests,
    "visitors": drop_visitors,
    "counts": fold_counts,
    "answers": lambda kept, now: drop_answers(now),
}

log = logging.getLogger(__name__)


def tidy(kept: Retention, now: datetime) -> Counter[str]:
    """Do all that is due by ``now``; what was done is done. Returns how many of each."""
    done = Counter[str]()
    for what, drop in DROPS.items():
        while number := drop(kept, now):
            done[what] += number
    after: int | None = 0
    while after is not None:
        number, after = strip_signals(after, kept, now)
        done["signals"] += number
    if +done:
        log.info("kept long enough: %s", ", ".join(f"{number} {what}" for what, number in (+done).items()))
    return +done
