"""DuckDB inside this process: the engine for one machine. What does not fit into memory goes to a temporary folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
from sqlglot import exp

from assay.domain.errors import BadInput
from assay.engine.backend import Native
from assay.engine.statements import renamed, term

Relation = duckdb.DuckDBPyRelation

ROWS = 10_000
"""Of one piece that is fetched."""
AT_ONCE = 30_720
"""Rows that are written together, and wait in memory for it."""
MEGABYTE = 1_000_000
LEAST, EACH = 700 * MEGABYTE, 700
"""Bytes that a rescore may take for tables, at least and for each lead: a sixth more work than with all it wants."""
WRITE = """
    COPY {table} TO {place} (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 20, ROW_GROUP_SIZE {rows})
"""
"""Points are hardly ever alike: looking for it takes as long as writing them, and saves a sixth of the file."""


class Duck:
    """A backend on a DuckDB connection of its own; ``timezone`` is that of times without one."""

    dialect = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._made = 0

    def read(self, paths: str | list[str]) -> Relation:
        """Parquet files, or all that a glob finds."""
        return self.connection.read_parquet(paths, union_by_name=True)

    def run(self, query: exp.Expr, **tables: Native) -> Relation:
        """The result of a query over these tables."""
        names = {name: self._named(table, "view") for name, table in tables.items()}
        return self.connection.sql(renamed(query, names).sql(self.dialect))

    def keep(self, table: Relation) -> Relation:
        """The table, computed once."""
        return self.connection.table(self._named(table, "table"))

    def columns(self, table: Relation) -> dict[str, bool]:
        """The names of a table's columns, in order, and whether each holds whole numbers."""
        return {name: str(kind).endswith("INT") for name, kind in zip(table.columns, table.types, strict=True)}

    def load(self, table: pa.Table) -> Relation:
        """A table of ours made known to it."""
        return self.connection.from_arrow(table)

    def fetch(self, table: Relation) -> pa.Table:
        """A table brought to this process."""
        with said_plainly():
            return table.to_arrow_table()

    def batches(self, table: Relation) -> Iterator[pa.RecordBatch]:
        """The same piece by piece, where it may be too large to hold."""
        return iter(table.to_arrow_reader(ROWS))

    def write(self, table: Relation, place: str | Path) -> None:
        """The table as a Parquet file of this machine."""
        quoted = exp.Literal.string(str(place)).sql(self.dialect)
        self.connection.execute(WRITE.format(table=self._named(table, "view"), place=quoted, rows=AT_ONCE))

    def micros(self, column: exp.Expr) -> exp.Expr:
        """Microseconds since 1970 of a time; one without zone is in the policy's."""
        return term("EPOCH_US(CAST(:at AS TIMESTAMPTZ))", at=column)

    def _named(self, table: Relation, what: str) -> str:
        self._made += 1
        name = f"{what}_{self._made}"
        table.create_view(name) if what == "view" else table.create(name)
        return name


def enough(leads: int) -> int:
    """Bytes of memory to rescore so many leads in; what is beyond goes to the disk."""
    return max(LEAST, EACH * leads)


@contextmanager
def duck(timezone: str, memory: int | None = None) -> Iterator[Duck]:
    """A backend for a while, and how many bytes of ``memory`` tables may take; None is most of the machine's."""
    with TemporaryDirectory(prefix="assay-duckdb-") as folder, duckdb.connect() as connection:
        connection.execute("SET TimeZone = ?", [timezone])
        connection.execute("SET temp_directory = ?", [folder])
        if memory is not None:
            connection.execute("SET memory_limit = ?", [f"{memory // MEGABYTE}MB"])
        connection.execute("SET preserve_insertion_order = false")
        yield Duck(connection)


@contextmanager
def said_plainly() -> Iterator[None]:
    """What data does not allow becomes one sentence."""
    try:
        yield
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.IOException) as error:
        said = str(error).partition("\n")[0].partition(": ")[2]
        raise BadInput("bad_table", f"The tables cannot be scored: {said}.", "Correct the column it names.") from error
