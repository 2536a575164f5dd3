"""Counts as bars, and beside each the share that belongs to it with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.pictures.marks import LETTER, ROW, Row, colour, data, names, ranges, room
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt

    from assay.pictures.picture import Layers

ROOT = 0.4
"""Bars grow with this power of the count: with a plain scale the small ones could not be seen beside the large."""
GAP, AROUND = 16, 14
"""Pixels between the two sides, and around a number beside its bar."""
APART = 6
"""Pixels between the labels of an axis."""
LEFT = 0.44
"""What the bars take of the room."""


def beside(rows: Sequence[Row], titles: tuple[str, str], written: str, theme: Theme, width: int) -> alt.HConcatChart:
    """``count`` of each row, written as ``shown``, with the title of its side; then its range, written by ``written``.

    The rows are those of ``marks.ranges`` besides.
    """
    import altair as alt

    counted, shared = titles
    space, height = room(rows, width) - GAP, ROW * len(rows)
    left = round(space * LEFT)
    bars = _bars(rows, theme, counted, width, left).properties(height=height)
    spread = ranges(rows, _shares(rows, shared, written), names(rows), theme)
    return alt.hconcat(bars, spread.properties(width=space - left, height=height), spacing=GAP)


def _bars(rows: Sequence[Row], theme: Theme, title: str, width: int, own: int) -> Layers:
    import altair as alt

    most = max([float(row["count"] or 0) for row in rows] + [1.0])
    number = AROUND + LETTER * max((len(str(row["shown"])) for row in rows), default=0)
    beyond = (own / max(1.0, own - number)) ** (1 / ROOT)
    scale = alt.Scale(type="pow", exponent=ROOT, domain=[0, most * beyond], nice=False)
    x = alt.X("count:Q", scale=scale, axis=alt.Axis(title=title, labels=False, ticks=False, grid=False, domain=False))
    chart, y = data(rows), names(rows, width)
    return alt.layer(
        chart.mark_bar(cornerRadiusEnd=3).encode(x=x, y=y, color=colour(theme)),
        chart.mark_text(align="left", dx=6, color=theme.ink, fontWeight=600).encode(x=x, y=y, text="shown:N"),
    ).properties(width=own)


def _shares(rows: Sequence[Row], title: str, written: str) -> alt.X:
    import altair as alt

    most = max([float(row["high"] or 0) for row in rows] + [0.1])
    # Where there is little room labels touch, above all the outer ones if they are moved inwards; some are left out.
    axis = alt.Axis(
        title=title,
        labelExpr=written,
        labelFlush=False,
        labelSeparation=APART,
        tickCount=3,
        domain=False,
        titleLimit=260,
    )
    return alt.X("low:Q", scale=alt.Scale(domain=[0, min(1.0, most * 1.05)]), axis=axis)
