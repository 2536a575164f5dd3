"""Predicted chances against what came of them: dots on the slanting line were right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assay.domain.funnel import credible_interval
from assay.domain.funnel_words import CREDIBLE, percent
from assay.domain.phrase import Phrase
from assay.pictures.marks import Row, data, shares
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt

    from assay.pictures.picture import Layers

BESIDE, BELOW = 70, 0.72
"""Pixels beside the drawing, and its height as a part of its width."""
ROOM = 1.08
"""How far the axes go on past the greatest value."""


class Group(NamedTuple):
    """Leads of like chances: how many, their mean chance, and how many were won."""

    rows: int
    chance: float
    won: int


def calibration(groups: Sequence[Group], *, tell: Tell = plain) -> Picture:
    """A dot a group, with the range in which the share of its leads that are won really lies."""
    rows = [_row(group, tell) for group in groups]
    end = min(1.0, ROOM * max((float(row[name] or 0) for row in rows for name in ("chance", "high")), default=1.0))
    titles = tell(Phrase("Predicted win")), tell(Phrase("Won, {percent} range", percent=CREDIBLE))

    def draw(theme: Theme, width: int) -> Layers:
        import altair as alt

        written = shares(tell)
        scale = alt.Scale(domain=[0, end], nice=False)
        x = alt.X("chance:Q", scale=scale, axis=_axis(titles[0], written))
        y = alt.Y("low:Q", scale=scale, axis=_axis(titles[1], written))
        right = data([{"name": "", "chance": 0.0, "low": 0.0}, {"name": "", "chance": end, "low": end}])
        chart = data(rows)
        return alt.layer(
            right.mark_line(color=theme.ink_faint, strokeDash=[4, 4]).encode(x=x, y=y),
            chart.mark_rule(color=theme.accent, strokeWidth=5, opacity=0.35, strokeCap="round").encode(
                x=x, y=y, y2="high:Q"
            ),
            chart.mark_circle(color=theme.accent, size=90, opacity=1).encode(x=x, y=alt.Y("value:Q", scale=scale)),
        ).properties(width=width - BESIDE, height=round((width - BESIDE) * BELOW))

    return Picture(draw, tell(Phrase("Calibration")), f"{'; '.join(_said(row, tell) for row in rows)}.")


def _axis(title: str, written: str) -> alt.Axis:
    import altair as alt

    return alt.Axis(title=title, labelExpr=written, tickCount=5, domain=False)


def _row(group: Group, tell: Tell) -> Row:
    low, high = credible_interval(group.rows, group.won)
    share = group.won / group.rows
    said = tell(Phrase("{count}", count=group.rows))
    return {"name": said, "chance": group.chance, "value": share, "low": low, "high": high, "bad": False}


def _said(row: Row, tell: Tell) -> str:
    return tell(
        Phrase(
            "predicted {chance}, won {share} of {leads}",
            chance=percent(float(row["chance"] or 0)),
            share=percent(float(row["value"] or 0)),
            leads=str(row["name"]),
        )
    )
