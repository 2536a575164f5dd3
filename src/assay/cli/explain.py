"""A score with its parts, for people and for programs: the same whether it is stored, computed or of a file."""

from rich.text import Text

from assay.cli.output import say, table
from assay.domain.parts import Part, points_text
from assay.domain.score import Score


def score_object(score: Score) -> dict[str, object]:
    """A score for programs. ``rung`` is what the rule gives; a lead on record has its own."""
    return {
        "fit": score.fit,
        "coverage": score.coverage,
        "intent": score.intent,
        "pattern": score.pattern,
        "temperature": score.temperature,
        "rung": score.rung,
        "grid": score.grid,
        "mql": score.mql,
        "insufficient_data": score.insufficient_data,
        "missing": score.missing,
        "parts": [part._asdict() for part in score.parts],
    }


def show_parts(score: Score) -> None:
    """Every part of both axes, with the sums."""
    rows: list[tuple[Text | str, Text | str]] = []
    for axis, total in (("fit", score.fit), ("intent", score.intent)):
        rows += [_row(part) for part in score.parts if part.axis == axis]
        known = f", {score.coverage:.0f} % of it known" if axis == "fit" else ""
        rows.append((Text(f"{total:.1f}", style="bold"), Text(f"{axis.capitalize()}{known}", style="bold")))
    table([">Points", "~Why"], rows)
    if score.intent and not score.pattern:
        say("\nNo pattern of signals yet, so intent is held low.")


def _row(part: Part) -> tuple[Text, Text]:
    style = "" if round(part.points, 1) else "dim"
    return Text(points_text(part.points), style=style), Text(part.sentence, style=style)
