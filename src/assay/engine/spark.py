"""Spark, where one machine is too small: local, a standalone cluster or Spark Connect. Needs the extra ``spark``."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from assay.engine.backend import Native
from assay.engine.statements import renamed, term

ZONE = "spark.sql.session.timeZone"

_numbers = count(1)


class Spark:
    """A backend on a session of yours."""

    dialect = "spark"

    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def read(self, paths: str | list[str]) -> DataFrame:
        """Parquet files, or all that a glob finds."""
        return self.session.read.parquet(*([paths] if isinstance(paths, str) else paths))

    def run(self, query: exp.Expr, **tables: Native) -> DataFrame:
        """The result of a query over these tables."""
        names = {name: _view(table) for name, table in tables.items()}
        return self.session.sql(renamed(query, names).sql(self.dialect))

    def keep(self, table: DataFrame) -> DataFrame:
        """The table, computed once."""
        return table.cache()

    def columns(self, table: DataFrame) -> dict[str, bool]:
        """The names of a table's columns, in order, and whether each holds whole numbers."""
        return {name: kind in ("bigint", "int") for name, kind in table.dtypes}

    def load(self, table: pa.Table) -> DataFrame:
        """A table of ours made known to it."""
        return self.session.createDataFrame(table)

    def fetch(self, table: DataFrame) -> pa.Table:
        """A table brought to this process."""
        return table.toArrow()

    def micros(self, column: exp.Expr) -> exp.Expr:
        """Microseconds since 1970 of a time; one without zone is in the policy's."""
        return term("UNIX_MICROS(CAST(:at AS TIMESTAMPTZ))", at=column)


def _view(table: DataFrame) -> str:
    name = f"assay_{next(_numbers)}"
    table.createOrReplaceTempView(name)
    return name


@contextmanager
def spark_of(table: DataFrame, timezone: str) -> Iterator[Spark]:
    """A backend on the session of a table; meanwhile times without zone are in ``timezone``."""
    session = table.sparkSession
    before = session.conf.get(ZONE)
    session.conf.set(ZONE, timezone)
    try:
        yield Spark(session)
    finally:
        session.conf.set(ZONE, before or timezone)
