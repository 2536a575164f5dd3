"""What several pictures are made of: rows with a value and the range in which it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from assay.domain.funnel_words import percent
from assay.pictures.picture import Tell
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt

    from assay.pictures.picture import Layers

Row: TypeAlias = Mapping[str, str | float | bool | None]
"""One row of what is drawn. ``name`` is its name, ``bad`` whether it is the one to look at."""

ROW = 38
"""Pixels from one row to the next."""
LETTER, BESIDE = 7.4, 14
"""Pixels of a letter of a row's name, and between the name and its row."""
EDGE = 22
"""What a number may stick out to the right."""


def shares(tell: Tell) -> str:
    """How an axis writes shares: as whoever reads it writes a percentage."""
    sign = tell(percent(0.5)).removeprefix("50").replace("'", "")
    return f"format(datum.value * 100, '.0f') + '{sign}'"


def data(rows: Sequence[Row]) -> alt.Chart:
    """A chart of these rows. They go along with it: it reads no file and no address."""
    import altair as alt

    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def room(rows: Sequence[Row], width: int) -> int:
    """Pixels that are left beside the names of the rows; these take half of the width at most."""
    return width - EDGE - min(width // 2, _named(rows))


def _named(rows: Sequence[Row]) -> int:
    return BESIDE + round(LETTER * max((len(str(row["name"])) for row in rows), default=0))


def names(rows: Sequence[Row], width: int | None = None) -> alt.Y:
    """Rows from the top down, with their names to the left of a picture of this width; without one, without names."""
    import altair as alt

    limit = width // 2 - BESIDE if width else 0
    axis = alt.Axis(title=None, domain=False, ticks=False, labelPadding=8, labelLimit=limit) if width else None
    order = [str(row["name"]) for row in rows]
    return alt.Y("name:N", sort=order, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))


def colour(theme: Theme) -> alt.Color:
    """The one to look at stands out."""
    import altair as alt

    return alt.Color("bad:N", scale=alt.Scale(domain=[False, True], range=[theme.accent, theme.bad]), legend=None)


def ranges(rows: Sequence[Row], x: alt.X, y: alt.Y, theme: Theme) -> Layers:
    """A dot at each ``value`` with its ``label`` above, on a line from ``low`` to ``high``."""
    import altair as alt

    chart, tone, known = data(rows), colour(theme), "isValid(datum.value)"
    return alt.layer(
        chart.mark_rule(strokeWidth=5, opacity=0.35, strokeCap="round").encode(x=x, x2="high:Q", y=y, color=tone),
        chart.mark_circle(size=90, opacity=1).encode(x="value:Q", y=y, color=tone).transform_filter(known),
        chart.mark_text(dy=-12, color=theme.ink).encode(x="value:Q", y=y, text="label:N").transform_filter(known),
    )
