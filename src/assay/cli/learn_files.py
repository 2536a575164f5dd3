"""Learning from any table: nothing is stored."""

from collections.abc import Sequence
from pathlib import Path

from assay.cli.learned import show_report
from assay.cli.output import note, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.domain.errors import BadInput
from assay.intake.files import Reading
from assay.intake.outcomes import read_outcomes
from assay.learning.learn import learn
from assay.learning.said import report

What = tuple[str, str | None, str | None]
"""The column with the outcome, which of its values means won, and the column of times."""


def learn_files(
    path: Path, reading: Reading, what: What, some: tuple[Sequence[str], Sequence[str]], json: bool
) -> None:
    """Learn, and show the report."""
    table, (keep, drop) = reading.table(path), some
    if strange := [name for name in (*keep, *drop) if name not in table.columns]:
        raise BadInput(
            "unknown_column", f'{path} has no column "{strange[0]}".', f"It has: {', '.join(table.columns)}."
        )
    said = read_outcomes(table, *what, reading.date_order)
    with progress("Learning", len(said.won)) as advance:
        found = learn(said.columns, said.won, keep, drop, advance)
    if not found.used:
        why = (
            "Each names its rows, says the same in all, holds dates, or knows the outcome. Use one with --keep COLUMN."
        )
        raise BadInput("nothing_to_learn_from", f"No column of {path} is left to learn from.", why)
    whole = report(found, said.columns) | {
        "ordered_by": said.time,
        "not_won": said.lost,
        "left_out": said.left_out,
        "dates": said.days,
    }
    if json:
        show_json(whole)
        return
    show_report(whole, str)
    if len(said.lost) > 1:
        note(f"Counted as not won: {', '.join(said.lost)}. Leave out rows that are still open.")
    if said.left_out:
        note(f"{counted(said.left_out, 'row')} without an outcome or a time left out.")
    if said.days:
        note(f"Not learned from, because they hold dates: {', '.join(said.days)}.")
    if said.time is None:
        note("Taken in the order of the file, the oldest row first: name the column of times with --time COLUMN.")
