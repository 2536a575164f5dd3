"""Time in each rung: when half of the leads have left it, with the range of that, and when nine tenths have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.domain.funnel_words import SHORT
from assay.domain.phrase import Phrase
from assay.domain.survival import Time, spoken
from assay.pictures.marks import ROW, Row, data, names, ranges, room
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    from assay.pictures.picture import Layers

DAY = 86_400.0
ROOT = 0.5
"""Days grow with this power: with a plain scale hours could not be told from each other."""
BEYOND = 1.25
"""How far the picture goes on past the longest time that is known: a range without an end runs to there."""


def times(found: Sequence[Time], *, tell: Tell = plain) -> Picture:
    """A row for each rung: a dot with its range, and a stroke where nine tenths have left."""
    rows = [_row(time, tell) for time in found]
    title = tell(Phrase("Days until half have left; the stroke: nine of ten"))

    def draw(theme: Theme, width: int) -> Layers:
        import altair as alt

        drawn, end = _open_ended(rows)
        scale = alt.Scale(type="pow", exponent=ROOT, domain=[0, end], nice=False)
        x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=title, tickCount=5, domain=False, titleLimit=width))
        y = names(drawn, width)
        stroke = data(drawn).mark_tick(color=theme.ink_faint, thickness=2, size=14).encode(x="p90:Q", y=y)
        chart = alt.layer(stroke.transform_filter("isValid(datum.p90)"), ranges(drawn, x, y, theme))
        return chart.properties(width=room(drawn, width), height=(ROW + 4) * len(drawn))

    return Picture(draw, tell(Phrase("Time in each rung")), f"{'; '.join(_said(time, tell) for time in found)}.")


def _row(time: Time, tell: Tell) -> Row:
    return {
        "name": tell(SHORT[time.step]),
        "value": _days(time.median),
        "low": _days(time.low),
        "high": _days(time.high),
        "p90": _days(time.p90),
        "label": "" if time.median is None else tell(spoken(time.median)),
        "bad": False,
    }


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / DAY


def _open_ended(rows: Sequence[Row]) -> tuple[list[Row], float]:
    """The rows with ranges that have no end yet drawn to the picture's edge, and where that is."""
    ends = [float(row[name] or 0) for row in rows for name in ("value", "low", "high", "p90")]
    end = (max(ends, default=0.0) or 1.0) * BEYOND
    return [{**row, "high": end} if row["low"] is not None and row["high"] is None else row for row in rows], end


def _said(time: Time, tell: Tell) -> str:
    half = tell(Phrase("not known yet")) if time.median is None else tell(spoken(time.median))
    return f"{tell(SHORT[time.step])}: {half}"
