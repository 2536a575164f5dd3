"""`assay import`: files brought in, looked at and undone."""

from datetime import tzinfo
from typing import Annotated

import typer

from assay.actions.undo import undo_import
from assay.cli.acting import acting, rule_at
from assay.cli.clock import now, shown
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.import_files import costs, leads, signals
from assay.cli.options import As, Json, Limit
from assay.cli.output import Cell, say, show_json, show_json_list, table
from assay.cli.words import counted
from assay.domain.errors import NotFound
from assay.records.models import Import, Quarantine

Number = Annotated[int, typer.Argument(metavar="NUMBER", show_default=False, help="The import's number.")]

app = group()
app.command("leads")(leads)
app.command("signals")(signals)
app.command("costs")(costs)


@app.callback()
def imports() -> None:
    """Bring in files of leads, signals or costs, see what was refused, undo a whole import.

    \b
    Example:
      assay import leads crm.csv --dry-run
    """


@app.command("list")
@with_database
def list_imports(limit: Limit = 20, json: Json = False) -> None:
    """List what was brought in, newest first.

    \b
    Example:
      assay import list
    """
    rows = Import.objects.select_related("by").order_by("-pk")[: limit or None]
    if json:
        show_json_list(import_object(row) for row in rows)
        return
    zone = rule_at(now()).policy.zone
    entries = [_line(row, zone) for row in rows]
    if entries:
        table([">Import", "What", "~File", "When", "By", ">Rows", ">New", ">Known", ">Refused", "State"], entries)
    else:
        say("Nothing was brought in yet: assay import leads FILE")


@app.command("errors")
@with_database
def errors(number: Number, limit: Limit = 50, json: Json = False) -> None:
    """Show the rows of an import that were refused, each with its reason.

    \b
    Example:
      assay import errors 3
    """
    if not Import.objects.filter(pk=number).exists():
        raise NotFound("unknown_import", f"There is no import {number}.", "List them with: assay import list")
    refused = Quarantine.objects.filter(imported_by=number).order_by("line", "pk")
    rows = refused[: limit or None]
    if json:
        show_json_list({"line": row.line, "code": row.code, "sentence": row.sentence, "raw": row.raw} for row in rows)
        return
    total = refused.count()
    if not total:
        say(f"Import {number} had no refused rows.")
        return
    table([">Line", "~Reason", "~Row"], [(row.line, row.sentence, _short(row.raw)) for row in rows])
    if limit and total > limit:
        say(f"\nand {total - limit:,} more; --limit 0 shows all")


@app.command("undo")
@with_database
def undo(number: Number, as_: As = None, json: Json = False) -> None:
    """Take back all that an import did. Leads that people have worked on since stay.

    \b
    Example:
      assay import undo 3
    """
    counts = undo_import(number, acting(as_), now())
    if json:
        show_json({"import": number, **counts})
        return
    if "costs" in counts:
        say(f"Import {number} is undone: {counted(counts['costs'], 'cost')} gone, {counts['put_back']} corrected back.")
        return
    gone = f"{counted(counts['leads'], 'lead')} and {counted(counts['signals'], 'signal')} gone"
    say(f"Import {number} is undone: {gone}, {counted(counts['emptied'], 'blank')} emptied again.")
    if counts["kept"]:
        say(f"{counted(counts['kept'], 'lead')} stayed, because people have worked on them.")


def import_object(row: Import) -> dict[str, object]:
    """An import for programs."""
    return {
        "import": row.pk,
        "kind": row.kind,
        "file": row.file_name,
        "started_at": row.started_at,
        "by": row.by.email if row.by else None,
        "mapping": row.mapping,
        "counts": row.counts,
        "state": state(row),
    }


def state(row: Import) -> str:
    """Whether an import is done, was cut off, or was undone."""
    return "undone" if row.undone_at else "done" if row.finished_at else "cut off"


def _line(row: Import, zone: tzinfo) -> list[Cell]:
    counts = [f"{row.counts.get(name, 0):,}" for name in ("rows", "new", "known", "quarantined")]
    by = row.by.name if row.by else None
    return [row.pk, row.kind, row.file_name, shown(row.started_at, zone), by, *counts, state(row)]


def _short(raw: dict[str, object]) -> str:
    text = ", ".join(f"{name}={value}" for name, value in raw.items())
    return text if len(text) <= 120 else f"{text[:117]}..."
