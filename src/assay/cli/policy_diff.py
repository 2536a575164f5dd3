"""`assay policy diff`: what differs between two rules, and which leads that moves."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now
from assay.cli.database import with_database
from assay.cli.engines import Engine, Name, SparkUrl, over_the_lake
from assay.cli.options import Json, Limit, Now
from assay.cli.output import Cell, paragraph, say, show_json, table
from assay.cli.policy_files import policy_of
from assay.domain.moved import Crossing, Moved, moved, told
from assay.domain.policy import Policy
from assay.domain.policy_changes import differences
from assay.records.models import Lead

Before = Annotated[str, typer.Argument(metavar="A", show_default=False, help="A policy file, or a version's number.")]
After = Annotated[str, typer.Argument(metavar="B", show_default=False, help="The newer one.")]


@with_database
def command(
    before: Before,
    after: After,
    engine: Engine = "duckdb",
    spark_url: SparkUrl = None,
    now: Now = None,
    limit: Limit = 30,
    json: Json = False,
) -> None:
    """Say what differs between two rules, and which leads come over the threshold or fall below it.

    \b
    Examples:
      assay policy diff 3 draft.toml
      assay policy diff 3 4 --json
    """
    at, old, new = moment_or_now(now), policy_of(before), policy_of(after)
    lines, found = differences(old, new), moved_between(old, new, at, engine, spark_url)
    if json:
        show_json({"differences": [line._asdict() for line in lines], "moved": asdict(found)})
        return
    if lines:
        table(["~Line", "~Before", "~After"], [[line.label, line.before or "-", line.after or "-"] for line in lines])
    else:
        say("They say the same.")
    say()
    paragraph(told(found))
    shown = moved(at, found.leads, limit).leads
    if shown:
        say()
        table([">Lead", "~Who", "Rung", "", ">Before", ">After"], _rows(shown))
    if len(shown) < len(found.leads):
        say(f"\nThe best {limit} each way; all: --limit 0")


def moved_between(
    before: Policy, after: Policy, now: datetime, engine: Name = "duckdb", spark_url: str | None = None
) -> Moved:
    """Every lead up to the gate that crosses as of now."""
    # Here, because only this needs them, and they take long to load.
    from assay.engine.moved import moved as crossing

    with over_the_lake(engine, spark_url, after.timezone) as (backend, store):
        rows = crossing(backend, store, store.manifest(), before, after, now).to_pylist()
    return moved(now, [Crossing(**row) for row in rows])


def _rows(leads: Iterable[Crossing]) -> list[list[Cell]]:
    some = list(leads)
    known = Lead.objects.select_related("person").in_bulk([one.lead for one in some])
    return [
        [one.lead, str(known[one.lead].person), one.rung, "up" if one.up else "down", one.before, one.after]
        for one in some
        if one.lead in known
    ]
