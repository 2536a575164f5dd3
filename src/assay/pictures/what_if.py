"""What would come of changes, beside today: deals with the range in which they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.domain.funnel_words import CREDIBLE, tidy
from assay.domain.phrase import Phrase
from assay.domain.what_if import Estimate
from assay.pictures.marks import ROW, Row, names, ranges, room
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    from assay.pictures.picture import Layers


def what_if(outcomes: Sequence[tuple[str, Estimate]], *, unit: str = "", tell: Tell = plain) -> Picture:
    """Each outcome by its name, today's first; ``unit`` is what is counted, deals where nothing is said."""
    counted = unit or tell(Phrase("Deals, with {percent} range", percent=CREDIBLE))
    rows = [_row(name, estimate, tell) for name, estimate in outcomes]

    def draw(theme: Theme, width: int) -> Layers:
        import altair as alt

        most = max([float(row["high"] or 0) for row in rows] + [float(row["value"] or 0) for row in rows] + [1.0])
        scale = alt.Scale(domain=[0, most * 1.05], nice=False)
        x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=counted, tickCount=4, domain=False))
        chart = ranges(rows, x, names(rows, width), theme)
        return chart.properties(width=room(rows, width), height=(ROW + 4) * len(rows))

    said = "; ".join(f"{row['name']}: {row['label']} ({row['spread']})" for row in rows)
    return Picture(draw, tell(Phrase("What if")), f"{said}.")


def _row(name: str, estimate: Estimate, tell: Tell) -> Row:
    value = estimate.value
    label = "" if value is None else tell(Phrase("{count}", count=tidy(value)))
    spread = tell(Phrase("{low} to {high}", low=tidy(estimate.low), high=tidy(estimate.high)))
    return {
        "name": name,
        "value": value,
        "low": estimate.low,
        "high": estimate.high,
        "label": label,
        "spread": spread,
        "bad": False,
    }
