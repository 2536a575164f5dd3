"""`assay learn`: what outcomes say of each lead's chance to be won, on record or in any table."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.commands import load
from assay.cli.options import Delimiter, Encoding, Json, Now, Order, Sheet
from assay.domain.errors import BadInput
from assay.intake.files import Reading

Columns = list[str] | None


def learn(  # noqa: PLR0913 - an argument for each option
    leads: Annotated[
        Path | None, typer.Option("--leads", metavar="FILE", help="Learn from this table instead.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(metavar="COLUMN", help="The table's column with the outcome.")] = None,
    won: Annotated[str | None, typer.Option(metavar="VALUE", help="Which outcome means won.")] = None,
    time: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="By which rows are put in order; else theirs.")
    ] = None,
    keep: Annotated[Columns, typer.Option(metavar="COLUMN", help="Use it though it looks filled in later.")] = None,
    drop: Annotated[Columns, typer.Option(metavar="COLUMN", help="Do not use it.")] = None,
    status: Annotated[bool, typer.Option("--status", help="Show what was learned last, and whether it holds.")] = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    date_order: Order = "auto",
    now: Now = None,
    json: Json = False,
) -> None:
    """Learn a lead's chance to be won from leads that have ended, and say how good that is and what it goes by.

    The newest fifth of the outcomes judges what was learned from the older ones. Nothing moves a lead by itself.

    \\b
    Examples:
      assay learn
      assay learn --status
      assay learn --leads deals.csv --outcome Stage --won Won --time "Created at"
    """
    if leads is None:
        if outcome or won or time or keep or drop:
            raise BadInput("no_table", "These options are for a table.", "Name it with --leads FILE.")
        load("assay.cli.setup:set_up")()
        load("assay.cli.learn_records:learn_records")(status, now, json)
        return
    if outcome is None or status:
        raise BadInput("no_outcome", "A table is learned from by its outcomes.", "Name their column: --outcome COLUMN.")
    reading = Reading(encoding, delimiter, sheet, date_order)
    load("assay.cli.learn_files:learn_files")(leads, reading, (outcome, won, time), (keep or [], drop or []), json)
