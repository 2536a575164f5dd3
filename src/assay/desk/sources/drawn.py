"""What the picture of the page shows: leads, and what share of them became MQL."""

from collections.abc import Sequence

from assay.desk.pictures.kinds import Sources
from assay.domain.sources import Quality
from assay.pictures import Source

MOST = 12
"""Lines that are drawn: those with most leads."""


def drawn(rows: Sequence[Quality]) -> Sources | None:
    """The picture of these lines; None where nobody came."""
    most = sorted((row for row in rows if row.tally.leads), key=lambda row: -row.tally.leads)[:MOST]
    return Sources([_line(row) for row in most]) if most else None


def _line(row: Quality) -> Source:
    tally, share = row.tally, row.mql
    name = f"{tally.source}: {tally.campaign}" if tally.campaign else tally.source
    return Source(name, tally.leads, share.expected, share.low, share.high)
