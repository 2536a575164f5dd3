"""`assay export`: leads, decisions and signals in files that other programs read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from assay.cli.database import with_database
from assay.cli.export_tables import TABLES
from assay.cli.files import write_whole
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.domain.errors import BadInput
from assay.intake.exports import Row, write_table

What = Literal["leads", "decisions", "signals"]
FORMATS = (".csv", ".jsonl", ".ndjson", ".parquet")


@with_database
def export(
    what: Annotated[What, typer.Argument(metavar="WHAT", show_default=False, help="leads, decisions or signals.")],
    to: Annotated[Path, typer.Option("--to", metavar="PATH", show_default=False, help="File, or folder for a CSV.")],
    scores: Annotated[bool, typer.Option("--scores", help="Leads with labels, scores and owner as well.")] = False,
    json: Json = False,
) -> None:
    """Write leads, decisions or signals to a file: CSV, JSON lines or Parquet, by the end of its name.

    Leads and signals can be brought in again as they are. Cells that a spreadsheet would run are made safe.

    \b
    Examples:
      assay export leads --to leads.csv
      assay export decisions --to ledger.parquet
    """
    path = _place(to, what)
    columns, rows = TABLES[what](scores)
    with progress(f"Writing {what}") as advance:
        count = write_whole(path, lambda draft: write_table(draft, columns, told(rows, advance)))
    if json:
        show_json({"what": what, "file": str(path), "rows": count, "columns": columns})
    else:
        say(f"{counted(count, what.removesuffix('s'))} written to {path}.")


def told(rows: Iterator[Row], advance: Callable[[int], None]) -> Iterator[Row]:
    """The rows as they come, each told to the progress bar."""
    for row in rows:
        advance(1)
        yield row


def _place(to: Path, what: str) -> Path:
    """The file to write. Raises BadInput for one that cannot be written or names no format."""
    path = to / f"{what}.csv" if to.is_dir() else to
    if path.suffix.lower() not in FORMATS:
        raise BadInput("unknown_format", f"{path} names no format.", f"End the name with one of {', '.join(FORMATS)}.")
    if not path.parent.is_dir():
        raise BadInput("no_folder", f"There is no folder {path.parent}.", "Create it first.")
    return path
