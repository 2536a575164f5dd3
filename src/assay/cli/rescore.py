"""`assay rescore`: every lead anew."""

from typing import Annotated

import typer

from assay.actions.counting import count_all_waiting
from assay.actions.policies import rule
from assay.actions.rescoring import Written, write_back
from assay.actions.scoring import rescore as rescore_all
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.engines import Name, SparkUrl, check_engine, computing
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.intake.collector.batches import sort_everything
from assay.intake.statements import read_statement
from assay.records.models import Lead

Engine = Annotated[
    Name | None,
    typer.Option("--engine", metavar="NAME", help="duckdb or spark: from the lake, for millions of signals."),
]


@with_database
def rescore(engine: Engine = None, spark_url: SparkUrl = None, json: Json = False) -> None:
    """Score every lead as of now, and promote those that cross the threshold.

    Scores fall as signals age and rise with each new one. With --engine the lake is brought up to date and read, and
    only what changed is written; after a new policy readers see all of it at once.

    \b
    Examples:
      assay rescore
      assay rescore --engine duckdb
      assay rescore --engine spark --spark-url spark://10.0.0.5:7077
    """
    check_engine(engine, spark_url)
    sort_everything()
    came = count_all_waiting(now(), read_statement)
    scored, promoted = _from_the_lake(engine, spark_url) if engine else _one_by_one()
    promoted += came
    if json:
        show_json({"scored": scored, "promoted": promoted})
    else:
        say(f"{counted(scored, 'lead')} scored, {promoted:,} promoted.")


def _one_by_one() -> Written:
    with progress("Scoring", Lead.objects.count()) as advance:
        return Written(*rescore_all(now(), advance))


def _from_the_lake(engine: Name, spark_url: str | None) -> Written:
    from assay.cli.lake import lake_readable, synced
    from assay.engine.lake.rescoring import changed
    from assay.engine.lake.writing import Writer

    at = now()
    current = rule(at)
    with computing(engine, spark_url, current.policy.timezone, bounded=True) as backend:
        _, store = synced()
        if engine == "duckdb":
            with store.alone(), lake_readable(store):
                Writer(store).keep_snapshot(current.policy, at)
        with progress("Scoring") as advance, lake_readable(store):
            folded = changed(backend, store, store.manifest(), current.policy, current.version, at)
            return write_back(folded, at, advance)
