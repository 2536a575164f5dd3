"""What every CRM can do for us, and what the requests to all of them share: trying again, and not too fast."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assay.domain.errors import AssayError
from assay.intake.cells import Cell
from assay.records.crm import Told

SECONDS = 30
"""How long an answer may take."""
LONGEST_WAIT = 60.0
TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody in a CRM: its id, and what it says by the names of our lead fields."""

    id: str
    values: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Write:
    """What a record is to be told, by the CRM's own names of fields."""

    id: str
    fields: Told


class Crm(Protocol):
    """One CRM. Every method raises `Unreachable` where it does not answer, or does not let us in."""

    name: str
    source: str
    """Where leads come from of which the CRM does not say it."""
    most: int
    """Records of one writing."""
    fields: Mapping[str, str]
    """What the facts of a lead are called there."""

    def lacking(self) -> Sequence[str]:
        """The fields that were never made there."""

    def changed(self, since: datetime | None, after: str) -> Sequence[Record]:
        """The next records by id that were changed since then; none where there are no more."""

    def write(self, writes: Sequence[Write]) -> Mapping[str, str]:
        """Tell records. Returns why it refused those that it refused, by id."""


class Unreachable(AssayError):
    """The CRM does not answer, or not to us."""

    exit_code = 2


class Pace:
    """Keeps requests apart, by so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._free = seconds, 0.0

    def wait(self) -> None:
        """Wait for one's turn."""
        now = time.monotonic()
        if now < self._free:
            time.sleep(self._free - now)
        self._free = max(now, self._free) + self._seconds


def again(status: int | None, headers: Mapping[str, str] | None) -> bool | float:
    """Whether an answer is worth another try, or after how many seconds, where it says so."""
    if status not in TRY_AGAIN:
        return False
    said = (headers or {}).get("Retry-After", "")
    return min(float(said), LONGEST_WAIT) if said.isdigit() else True


def named(fields: Mapping[str, str], told: Told) -> Told:
    """Facts of a lead by what they are called in the CRM; those that have no name there are not for it."""
    return {fields[name]: value for name, value in told.items() if name in fields}


Connect = Callable[[], Crm]
