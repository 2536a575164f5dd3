"""`assay rescore`: every lead anew."""

from typing import Annotated, Literal

import typer

from assay.actions.counting import count_all_waiting
from assay.actions.policies import rule
from assay.actions.rescoring import Written, write_back
from assay.actions.scoring import rescore as rescore_all
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.intake.statements import read_statement
from assay.records.models import Lead

Engine = Annotated[
    Literal["duckdb"] | None,
    typer.Option("--engine", metavar="NAME", help="duckdb: from the lake, for millions of signals."),
]


@with_database
def rescore(engine: Engine = None, json: Json = False) -> None:
    """Score every lead as of now, and promote those that cross the threshold.

    Scores fall as signals age and rise with each new one; after a new policy all change at once. With --engine the lake
    is brought up to date and read, only what changed is written, and readers see all of it at once.

    \b
    Examples:
      assay rescore
      assay rescore --engine duckdb
    """
    came = count_all_waiting(now(), read_statement)
    scored, promoted = _from_the_lake() if engine else _one_by_one()
    promoted += came
    if json:
        show_json({"scored": scored, "promoted": promoted})
    else:
        say(f"{counted(scored, 'lead')} scored, {promoted:,} promoted.")


def _one_by_one() -> Written:
    with progress("Scoring", Lead.objects.count()) as advance:
        return Written(*rescore_all(now(), advance))


def _from_the_lake() -> Written:
    from assay.cli.lake import synced
    from assay.engine.duck import duck
    from assay.engine.lake.rescoring import changed

    at = now()
    current = rule(at)
    _, store = synced()
    with duck(current.policy.timezone) as backend:
        folded = list(changed(backend, store, store.manifest(), current.policy, current.version, at))
    with progress("Writing", len(folded)) as advance:
        return write_back(folded, at, advance)
