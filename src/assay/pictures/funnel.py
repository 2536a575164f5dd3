"""The funnel: how many came past each step, and what share of the step before that is, with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.domain.funnel import Funnel
from assay.domain.funnel_words import CREDIBLE, NAMES, leak, percent
from assay.domain.phrase import Phrase
from assay.pictures.beside import beside
from assay.pictures.marks import Row, shares
from assay.pictures.picture import Picture, Tell, plain
from assay.pictures.theme import Theme

if TYPE_CHECKING:
    import altair as alt


def funnel(found: Funnel, *, visitors: bool = True, tell: Tell = plain) -> Picture:
    """The picture of a funnel; ``visitors=False`` where they cannot be told apart, as by owner."""
    rows = _rows(found, visitors, tell)
    went_on, counted = tell(Phrase("Went on, {percent} range", percent=CREDIBLE)), tell(Phrase("Count"))

    def draw(theme: Theme, width: int) -> alt.HConcatChart:
        return beside(rows, (counted, went_on), shares(tell), theme, width)

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


def _words(rows: Sequence[Row], found: Funnel, tell: Tell) -> str:
    counted = ", ".join(f"{row['name']} {row['shown']}" for row in rows)
    return f"{counted}. {tell(leak(found))}"
