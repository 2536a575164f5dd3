"""Spark, where one machine is too small: local, a standalone cluster or Spark Connect. Needs the extra ``spark``."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from socket import create_connection
from typing import cast
from urllib.parse import urlsplit

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from sqlglot import exp

from assay.domain.errors import BadInput
from assay.engine.backend import Native
from assay.engine.statements import renamed, term

ZONE = "spark.sql.session.timeZone"
MASTER, MASTER_PORT = "spark://", 7_077
CONNECT, CONNECT_PORT = "sc://", 15_002
ANSWER_SECONDS = 5.0
"""Within which somebody has to listen: Spark itself would try for minutes."""
ROWS = 10_000
"""Of one piece that is fetched."""

WRAPPED = re.compile(r'details = "(.+)"')

_numbers = count(1)


class Spark:
    """A backend on a session; one that is ``borrowed`` goes on after us."""

    dialect = "spark"

    def __init__(self, session: SparkSession, *, borrowed: bool = False) -> None:
        self.session, self._borrowed = session, borrowed

    def read(self, paths: str | list[str]) -> DataFrame:
        """Parquet files, or all that a glob finds."""
        return self.session.read.parquet(*([paths] if isinstance(paths, str) else paths))

    def run(self, query: exp.Expr, **tables: Native) -> DataFrame:
        """The result of a query over these tables."""
        names = {name: _view(table) for name, table in tables.items()}
        return self.session.sql(renamed(query, names).sql(self.dialect))

    def keep(self, table: DataFrame) -> DataFrame:
        """The table, computed once."""
        # What is cached can be made again if a machine is lost, but the plan of all it came from stays with it, and a
        # backtest's outgrows any driver.
        return table.cache() if self._borrowed else table.localCheckpoint()

    def columns(self, table: DataFrame) -> dict[str, bool]:
        """The names of a table's columns, in order, and whether each holds whole numbers."""
        return {name: kind in ("bigint", "int") for name, kind in table.dtypes}

    def load(self, table: pa.Table) -> DataFrame:
        """A table of ours made known to it."""
        # Spark reads no further than a chunk without rows; over Connect, the types of such a table are not looked at.
        return self.session.createDataFrame(table.combine_chunks(), from_arrow_schema(table.schema))

    def fetch(self, table: DataFrame) -> pa.Table:
        """A table brought to this process."""
        return table.toArrow()

    def batches(self, table: DataFrame) -> Iterator[pa.RecordBatch]:
        """The same piece by piece; the whole of it fits into this process, as columns."""
        return iter(table.toArrow().to_batches(ROWS))

    def micros(self, column: exp.Expr) -> exp.Expr:
        """Microseconds since 1970 of a time; one without zone is in the policy's."""
        return term("UNIX_MICROS(CAST(:at AS TIMESTAMPTZ))", at=column)


def _view(table: DataFrame) -> str:
    name = f"assay_{next(_numbers)}"
    table.createOrReplaceTempView(name)
    return name


@contextmanager
def spark(url: str, timezone: str) -> Iterator[Spark]:
    """A backend for a while: ``local[2]``, a cluster as ``spark://host:7077``, or Spark Connect as ``sc://host``.

    All else is as `spark-defaults.conf` says. Raises BadInput where there is no Spark, and for what it fails at.
    """
    try:
        session = _connected(url) if url.startswith(CONNECT) else _started(url)
        session.range(1).count()
    except Exception as error:
        hint = "Check the URL, that Spark runs there, and that this machine has Java 17 or 21."
        raise BadInput("no_spark", f"There is no Spark at {url}: {_said(error)}.", hint) from error
    session.conf.set(ZONE, timezone)
    try:
        yield Spark(session)
    except (PySparkException, Py4JError) as error:
        hint = "Check that all its machines see the lake, that it is whole (assay lake verify), and Spark's own log."
        raise BadInput("bad_spark", f"Spark at {url} failed: {_said(error)}.", hint) from error
    finally:
        session.stop()


def _said(error: Exception) -> str:
    """The first line of what went wrong: Java's own where it is from there, what gRPC wraps where it came over that."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() if java else error).strip()
    wrapped = WRAPPED.search(text)
    return (wrapped[1] if wrapped else text.partition("\n")[0]).removesuffix(".")


def _started(url: str) -> SparkSession:
    if url.startswith(MASTER):
        _ask(url.removeprefix(MASTER).split(","), MASTER_PORT)
    logging.getLogger("py4j").setLevel(logging.WARNING)  # it tells of every connection it closes
    builder = SparkSession.builder.appName("assay").master(url)
    return builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()


def _connected(url: str) -> SparkSession:
    from pyspark.sql.connect.session import SparkSession as Connected  # needs gRPC, which nothing else does

    _ask([urlsplit(url).netloc], CONNECT_PORT)
    return cast(SparkSession, Connected.builder.remote(url).create())


def _ask(places: Sequence[str], usual: int) -> None:
    """Whether somebody listens at one of these places, ``host`` or ``host:port``. Raises OSError."""
    for number, place in enumerate(places, 1):
        at = urlsplit(f"//{place}")
        try:
            create_connection((at.hostname or "", at.port or usual), ANSWER_SECONDS).close()
        except OSError:
            if number == len(places):
                raise
        else:
            return


@contextmanager
def spark_of(table: DataFrame, timezone: str) -> Iterator[Spark]:
    """A backend on the session of a table; meanwhile times without zone are in ``timezone``."""
    session = table.sparkSession
    before = session.conf.get(ZONE)
    session.conf.set(ZONE, timezone)
    try:
        yield Spark(session, borrowed=True)
    finally:
        session.conf.set(ZONE, before or timezone)
