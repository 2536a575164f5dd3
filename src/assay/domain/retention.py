"""For how long what is kept: days by kind of signal, as a setting says them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from assay.domain.kinds import kind_of

OTHERS = "*"


@dataclass(frozen=True, slots=True)
class Retention:
    """Days by kind of signal, ``*`` for every other kind (none: kept); days for refused rows, visitors, messages."""

    signals: Mapping[str, int]
    quarantine: int
    visitors: int
    outbox: int = 30
    counts: timedelta = timedelta(hours=48)
    """After so long the counts of each minute become one."""


def read_days(text: str) -> dict[str, int]:
    """Days by kind: ``page_view=180, *=730``. Raises ValueError with a sentence."""
    days: dict[str, int] = {}
    for entry in filter(None, map(str.strip, text.split(","))):
        name, equals, number = (part.strip() for part in entry.partition("="))
        if not (name and equals and number.isascii() and number.isdigit() and 0 < int(number) < 100_000):
            raise ValueError("each entry has to be a kind with days, such as page_view=180")
        days[name if name == OTHERS else kind_of(name)] = int(number)
    return days
