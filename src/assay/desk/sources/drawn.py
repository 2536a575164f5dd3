"""What the picture of the page shows: leads, and what share of them became MQL."""

from collections import Counter
from collections.abc import Sequence

from assay.desk.pictures.kinds import Sources
from assay.domain.sources import Quality
from assay.pictures import Source

MOST = 12
"""Lines that are drawn: those with most leads."""


def drawn(rows: Sequence[Quality]) -> Sources | None:
    """The picture of these lines; None where nobody came."""
    most = sorted((row for row in rows if row.tally.leads), key=lambda row: -row.tally.leads)[:MOST]
    short = Counter(_short(row) for row in most)
    lines = [
        Source(
            _short(row) if short[_short(row)] == 1 else f"{row.tally.source}: {_short(row)}",
            row.tally.leads,
            row.mql.expected,
            row.mql.low,
            row.mql.high,
        )
        for row in most
    ]
    return Sources(lines) if lines else None


def _short(row: Quality) -> str:
    """The name that stands alone where no other line has it: two sources may each have a campaign Spring."""
    return row.tally.campaign or row.tally.source
