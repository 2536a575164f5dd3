"""The funnel: how many came past each step, and what share of the step before that is, with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.domain.funnel import Funnel
from assay.domain.funnel_words import CREDIBLE, NAMES, leak, percent
from assay.domain.phrase import Phrase
from assay.pictures.marks import ROW, Row, colour, data, names, ranges, room, shares
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt

    from assay.pictures.picture import Layers

ROOT = 0.4
"""Bars grow with this power of the count: with a plain scale nothing below the leads could be seen."""
GAP, NUMBER = 16, 60
"""Pixels between the two sides, and of the longest number beside its bar."""


def funnel(found: Funnel, *, visitors: bool = True, tell: Tell = plain) -> Picture:
    """The picture of a funnel; ``visitors=False`` where they cannot be told apart, as by owner."""
    rows = _rows(found, visitors, tell)
    went_on, counted = tell(Phrase("Went on, {percent} range", percent=CREDIBLE)), tell(Phrase("Count"))

    def draw(theme: Theme, width: int) -> alt.HConcatChart:
        import altair as alt

        space, height = room(rows, width) - GAP, ROW * len(rows)
        left = round(space * 0.44)
        bars = _bars(rows, theme, counted, width, left).properties(height=height)
        spread = ranges(rows, _shares(rows, went_on, shares(tell)), names(rows), theme)
        return alt.hconcat(bars, spread.properties(width=space - left, height=height), spacing=GAP)

    return Picture(draw, tell(Phrase("Funnel")), _words(rows, found, tell))


def _rows(found: Funnel, visitors: bool, tell: Tell) -> list[Row]:
    """A row for each step that has a conversion; the first has none into it."""
    conversions = found.conversions if visitors else found.conversions[1:]
    top = "visitor" if visitors else "lead"
    rows: list[Row] = [_row(top, found, tell) | dict.fromkeys(("value", "low", "high")) | {"label": "", "bad": False}]
    for into in conversions:
        rows.append(
            _row(into.into, found, tell)
            | {"value": into.rate if into.low is not None else None, "low": into.low, "high": into.high}
            | {"label": "" if into.rate is None else tell(percent(into.rate)), "bad": into.step == found.leakiest}
        )
    return rows


def _row(step: str, found: Funnel, tell: Tell) -> dict[str, str | float | bool | None]:
    count = found.steps[step]
    return {"name": tell(NAMES[step]), "count": count, "shown": tell(Phrase("{count}", count=count))}


def _bars(rows: Sequence[Row], theme: Theme, title: str, width: int, own: int) -> Layers:
    import altair as alt

    most = max([float(row["count"] or 0) for row in rows] + [1.0])
    beyond = (own / max(1, own - NUMBER)) ** (1 / ROOT)
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
    axis = alt.Axis(title=title, labelExpr=written, tickCount=3, domain=False, titleLimit=260)
    return alt.X("low:Q", scale=alt.Scale(domain=[0, min(1.0, most * 1.05)]), axis=axis)


def _words(rows: Sequence[Row], found: Funnel, tell: Tell) -> str:
    counted = ", ".join(f"{row['name']} {row['shown']}" for row in rows)
    return f"{counted}. {tell(leak(found))}"
