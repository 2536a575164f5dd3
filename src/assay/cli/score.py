"""`assay score`: sort leads by the rule, from files alone or one that is on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.commands import load
from assay.cli.options import Delimiter, Encoding, Json, Now, Order, Sheet
from assay.domain.errors import BadInput
from assay.intake.files import Reading

Maps = Annotated[
    list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of the leads is which field.")
]
SignalMaps = Annotated[
    list[str] | None,
    typer.Option("--signal-map", metavar="FIELD=COLUMN", help="Which column of the signals is which field."),
]


@dataclass(frozen=True, slots=True)
class Job:
    """Files to score: what to read and how, as of when, and where the list goes."""

    leads: Path
    signals: Path | None
    policy: str | None
    now: str | None
    maps: Sequence[str]
    signal_maps: Sequence[str]
    reading: Reading
    out: Path | None
    limit: int | None
    as_json: bool


def score(  # noqa: PLR0913 - an argument for each option
    lead: Annotated[
        str | None, typer.Argument(metavar="LEAD", help="A lead on record: its number, email, or your own id.")
    ] = None,
    leads: Annotated[Path | None, typer.Option(metavar="FILE", help="A file of leads; no database is used.")] = None,
    signals: Annotated[Path | None, typer.Option(metavar="FILE", help="What they did: a file of signals.")] = None,
    policy: Annotated[str | None, typer.Option(metavar="FILE", help="The rule: a file, b2b-services or saas.")] = None,
    now: Now = None,
    maps: Maps = None,
    signal_maps: SignalMaps = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    date_order: Order = "auto",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the list: .csv, .jsonl, .json or .parquet.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="At most so many leads; 0 is all. People see 50 if unsaid.")
    ] = None,
    json: Json = False,
) -> None:
    """Sort leads by the rule, best first, with reasons.

    With --leads it works on files alone: nothing is stored, no database or account is needed. CSV, XLSX, JSON
    lines and Parquet are read. With a LEAD it shows the score on record; with --now, what it was at that time
    by the signals known then.

    \b
    Examples:
      assay score --leads leads.csv --signals signals.csv
      assay score --leads crm.xlsx --map email="Mail 1" --out sorted.csv
      assay score anna@acme.example --now 2026-10-15
    """
    reading = Reading(encoding, delimiter, sheet, date_order)
    if (lead is None) == (leads is None):
        raise BadInput("bad_usage", "Name one lead, or a file with --leads.", "See: assay score --help")
    if leads is None:
        for name, given in (("--signals", signals), ("--policy", policy), ("--out", out), ("--map", maps)):
            if given:
                raise BadInput("bad_usage", f"{name} goes with --leads, not with a lead on record.", "Leave it out.")
        load("assay.cli.setup:set_up")()
        load("assay.cli.score_lead:score_lead")(lead, now, json)
        return
    job = Job(leads, signals, policy, now, maps or [], signal_maps or [], reading, out, limit, json)
    load("assay.cli.score_files:score_files")(job)
