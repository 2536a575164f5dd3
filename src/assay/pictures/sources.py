"""Sources, or campaigns, side by side: how many leads each brought, and what share of them was good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assay.domain.funnel_words import CREDIBLE, percent
from assay.domain.phrase import Phrase
from assay.domain.sources import Quality, Tally
from assay.pictures.beside import beside
from assay.pictures.marks import Row, shares
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt


MOST = 12
"""So many are told apart at a glance; the others stand in the table."""


class Source(NamedTuple):
    """One source by its name, which no other has: its leads, and a share of them with its range, where it is known."""

    name: str
    leads: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def of_quality(found: Sequence[Quality]) -> list[Source]:
    """Those of these with most leads, and the share of them that became an MQL, as it is to be expected."""
    most = sorted((row for row in found if row.tally.leads), key=lambda row: -row.tally.leads)[:MOST]
    short = Counter(_short(row.tally) for row in most)
    return [_source(row, alone=short[_short(row.tally)] == 1) for row in most]


def _source(row: Quality, *, alone: bool) -> Source:
    name = _short(row.tally) if alone else f"{row.tally.source}: {_short(row.tally)}"
    return Source(name, row.tally.leads, row.mql.expected, row.mql.low, row.mql.high)


def _short(tally: Tally) -> str:
    """The name that stands alone where no other line has it: two sources may each have a campaign Spring."""
    return tally.campaign or tally.source


def sources(found: Sequence[Source], *, share: str = "", tell: Tell = plain) -> Picture:
    """A row a source, in this order; ``share`` says what is shared: leads that became an MQL where nothing is said."""
    rows = [_row(source, tell) for source in found]
    shared = share or tell(Phrase("Became MQL, {percent} range", percent=CREDIBLE))

    def draw(theme: Theme, width: int) -> alt.HConcatChart:
        return beside(rows, (tell(Phrase("Leads")), shared), shares(tell), theme, width)

    said = "; ".join(_said(row) for row in rows)
    return Picture(draw, tell(Phrase("Sources")), f"{shared}. {said}.")


def _row(source: Source, tell: Tell) -> Row:
    return {
        "name": source.name,
        "count": source.leads,
        "shown": tell(Phrase("{count}", count=source.leads)),
        "value": source.share,
        "low": source.low,
        "high": source.high,
        "label": "" if source.share is None else tell(percent(source.share)),
        "bad": False,
    }


def _said(row: Row) -> str:
    share = f", {row['label']}" if row["label"] else ""
    return f"{row['name']}: {row['shown']}{share}"
