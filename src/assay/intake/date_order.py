"""Which comes first in a column of dates such as 03/04/2026: the day or the month?"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from assay.domain.errors import BadInput
from assay.intake.cells import Cell

Order = Literal["dmy", "mdy", "ymd"]
DateOrder = Literal["auto", "dmy", "mdy", "ymd"]
"""What a person can ask for."""
Proof = Literal["dmy", "mdy", "either"]

_ENOUGH = 10_000  # rows looked at; more only as long as the dates seen can be read two ways
_YEAR_LAST = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2\d{2,4}(?!\d)")


def settle_order(column: str, cells: Iterable[Cell], asked: DateOrder) -> Order | None:
    """The order in a column: what its dates prove, else what was asked for; None where no date needs it.

    Raises BadInput under ``auto`` when dates could be read two ways, or prove both.
    """
    if asked == "ymd":
        return asked
    rest = iter(cells)
    proofs = set(_proofs(islice(rest, _ENOUGH)))
    if proofs == {"either"}:
        proofs |= set(islice((found for found in _proofs(rest) if found != "either"), 1))
    certain = proofs - {"either"}
    if len(certain) == 1:
        return "dmy" if "dmy" in certain else "mdy"
    if asked != "auto":
        return asked
    if not proofs:
        return None
    what = "are written in both orders" if certain else "can be read with the day or the month first"
    raise BadInput(
        "ambiguous_dates", f'Dates in the column "{column}" {what}.', "Say which: --date-order dmy or --date-order mdy."
    )


def _proofs(cells: Iterable[Cell]) -> Iterator[Proof]:
    return (found for cell in cells if isinstance(cell, str) and (found := proof(cell)))


def proof(text: str) -> Proof | None:
    """What one date says about the order; None where it makes no difference.

    A number above 12 proves it, and dots do: 3.4.2026 is the third of April wherever it is written.
    """
    match = _YEAR_LAST.match(text)
    if not match or match[1] == match[3]:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or first > 12:
        return "dmy" if second <= 12 else None
    return "mdy" if second > 12 else "either"
