"""Cohorts: what share of each month's leads went on at each step, followed to today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assay.domain.funnel import Funnel
from assay.domain.funnel_words import SHORT, percent
from assay.domain.phrase import Phrase
from assay.pictures.marks import Row, data, room
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    from assay.pictures.picture import Layers

HEIGHT = 30


class Cohort(NamedTuple):
    """Those captured together, by the name of their month."""

    name: str
    funnel: Funnel


def cohorts(found: Sequence[Cohort], *, tell: Tell = plain) -> Picture:
    """A row a cohort and a column a step; the fuller the colour, the better it did among the cohorts."""
    cells = [cell for cohort in found for cell in _cells(cohort, tell)]
    best = {step: max(float(cell["rate"] or 0) for cell in cells if cell["step"] == step) for step in _steps(cells)}
    rows = [cell | {"shade": float(cell["rate"] or 0) / (best[str(cell["step"])] or 1)} for cell in cells]
    title = tell(Phrase("Go on to the next step, of those captured in the month"))

    def draw(theme: Theme, width: int) -> Layers:
        import altair as alt

        chart = data(rows).encode(
            x=alt.X(
                "step:N",
                sort=_steps(cells),
                axis=alt.Axis(
                    title=title,
                    orient="top",
                    labelAngle=0,
                    labelLimit=round(room(rows, width) / len(_steps(cells))),
                    domain=False,
                    ticks=False,
                    titleLimit=width,
                ),
            ),
            y=alt.Y(
                "name:N", sort=[cohort.name for cohort in found], axis=alt.Axis(title=None, domain=False, ticks=False)
            ),
        )
        shade = alt.Color("shade:Q", scale=alt.Scale(domain=[0, 1], range=[theme.sunken, theme.accent]), legend=None)
        ink = alt.condition("datum.shade > 0.65", alt.value(theme.surface), alt.value(theme.ink))
        return alt.layer(
            chart.mark_rect(stroke=theme.surface, strokeWidth=2, cornerRadius=4).encode(color=shade),
            chart.mark_text().encode(text="label:N", color=ink),
        ).properties(width=room(rows, width), height=HEIGHT * len(found))

    said = "; ".join(f"{cohort.name}: {_said(cohort, tell)}" for cohort in found)
    return Picture(draw, tell(Phrase("Cohorts by month")), f"{said}.")


def _cells(cohort: Cohort, tell: Tell) -> list[dict[str, str | float | None]]:
    return [
        {
            "name": cohort.name,
            "step": tell(SHORT[into.into]),
            "rate": into.rate,
            "label": "" if into.rate is None else tell(percent(into.rate)),
        }
        for into in cohort.funnel.conversions[1:]
    ]


def _steps(cells: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(str(cell["step"]) for cell in cells))


def _said(cohort: Cohort, tell: Tell) -> str:
    return ", ".join(f"{cell['step']} {cell['label']}" for cell in _cells(cohort, tell) if cell["label"])
