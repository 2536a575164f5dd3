"""A backtest: who came to the gate week by week, whom the draft would have sent, and the shares it is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.domain.backtest import Backtest, Caught, Week
from assay.domain.backtest_words import rows, verdict
from assay.domain.funnel_words import CREDIBLE, percent
from assay.domain.phrase import Phrase
from assay.pictures.marks import EDGE, ROW, Row, data, names, ranges, room, shares
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt

    from assay.pictures.picture import Layers

HEIGHT = 150
BESIDE = 44
"""Pixels of the numbers beside the bars."""


def backtest(found: Backtest, *, tell: Tell = plain) -> Picture:
    """Both pictures of a backtest, one below the other."""
    above, below = weeks(found.weeks, tell=tell), caught(rows(found), tell=tell)

    def draw(theme: Theme, width: int) -> alt.VConcatChart:
        import altair as alt

        both: alt.VConcatChart = alt.vconcat(above.draw(theme, width), below.draw(theme, width))
        return both.resolve_scale(color="independent")  # type: ignore[no-any-return]

    return Picture(draw, tell(Phrase("Backtest")), f"{tell(verdict(found))} {above.words} {below.words}")


def weeks(found: Sequence[Week], *, tell: Tell = plain) -> Picture:
    """Two bars a week: those that came, and those by the draft."""
    real, draft = tell(Phrase("Came")), tell(Phrase("By the draft"))
    said = [(tell(Phrase("{day}", day=week.first)), week) for week in found]
    bars: list[Row] = [
        {"week": name, "who": who, "count": count}
        for name, week in said
        for who, count in ((real, week.real), (draft, week.draft))
    ]

    def draw(theme: Theme, width: int) -> Layers:
        import altair as alt

        colours = alt.Scale(domain=[real, draft], range=[theme.ink_faint, theme.accent])
        x = alt.X("week:N", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", ticks=False))
        y = alt.Y("count:Q", axis=alt.Axis(title=tell(Phrase("Leads at the gate, a week")), tickCount=4, tickMinStep=1))
        legend = alt.Legend(title=None, orient="top", labelLimit=width)
        chart = data(bars).mark_bar().encode(
            x=x, y=y, xOffset=alt.XOffset("who:N", sort=None), color=alt.Color("who:N", scale=colours, legend=legend)
        )  # fmt: skip
        return alt.layer(chart).properties(width=width - EDGE - BESIDE, height=HEIGHT)

    words = "; ".join(f"{name}: {week.real}, {week.draft}" for name, week in said)
    return Picture(draw, tell(Phrase("Leads at the gate")), f"{real}, {draft}. {words}.")


def caught(found: Sequence[tuple[str, Caught]], *, tell: Tell = plain) -> Picture:
    """A row for each share, by its name, with its range."""
    marked = [_row(tell(name), said, tell) for name, said in found if said.all]
    title = tell(Phrase("Share, with {percent} range", percent=CREDIBLE))

    def draw(theme: Theme, width: int) -> Layers:
        import altair as alt

        axis = alt.Axis(title=title, labelExpr=shares(tell), tickCount=4, domain=False)
        x = alt.X("low:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
        chart = ranges(marked, x, names(marked, width), theme)
        return chart.properties(width=room(marked, width), height=(ROW + 4) * len(marked))

    words = "; ".join(f"{row['name']}: {row['label']}" for row in marked)
    return Picture(draw, tell(Phrase("What it would have sent")), f"{words}.")


def _row(name: str, said: Caught, tell: Tell) -> Row:
    low, high = said.range
    label = "" if said.share is None else tell(percent(said.share))
    return {"name": name, "value": said.share, "low": low, "high": high, "label": label, "bad": False}
