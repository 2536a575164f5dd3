"""What computes over the lake: DuckDB in this process, or Spark where somebody asks for it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assay.domain.errors import BadInput
from assay.records.models import Lead

if TYPE_CHECKING:
    from assay.engine.backend import Backend
    from assay.engine.lake.store import Store

Name = Literal["duckdb", "spark"]
Engine = Annotated[
    Name, typer.Option("--engine", metavar="NAME", help="duckdb, on this machine, or spark, where that is too small.")
]
SparkUrl = Annotated[
    str | None,
    typer.Option("--spark-url", metavar="URL", help="local[4], spark://host:7077 or, by Spark Connect, sc://host."),
]
HERE = "local[*]"


@contextmanager
def over_the_lake(engine: Name, spark_url: str | None, timezone: str) -> "Iterator[tuple[Backend, Store]]":
    """What computes, and the lake brought up to date. A cluster needs one that stays where it is. Raises BadInput."""
    from assay.cli.lake import lake_readable, synced, up_to_date

    check_engine(engine, spark_url)
    with ExitStack() as stack:
        backend = stack.enter_context(computing(engine, spark_url, timezone))
        store = synced()[1] if engine == "spark" else stack.enter_context(up_to_date())
        stack.enter_context(lake_readable(store))
        yield backend, store


@contextmanager
def computing(engine: Name, spark_url: str | None, timezone: str, *, bounded: bool = False) -> "Iterator[Backend]":
    """What computes, for a while; ``bounded`` is what this process takes of memory. Raises BadInput."""
    # Here, because only this needs them, and they take long to load.
    if engine == "duckdb":
        from assay.engine.duck import duck, enough

        with duck(timezone, enough(Lead.objects.count()) if bounded else None) as here:
            yield here
        return
    try:
        from assay.engine.spark import spark
    except ImportError as error:
        raise BadInput("no_spark", "Spark is not installed.", "Install it: pip install assay[spark]") from error
    with spark(spark_url or HERE, timezone) as there:
        yield there


def check_engine(engine: Name | None, spark_url: str | None) -> None:
    """A URL of Spark says nothing to another engine. Raises BadInput."""
    if spark_url and engine != "spark":
        raise BadInput("bad_usage", "A URL of Spark goes with its engine.", "Add --engine spark.")
