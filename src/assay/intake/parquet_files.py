"""Parquet files, read by DuckDB in batches."""

import glob
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import duckdb

from assay.domain.errors import BadInput
from assay.domain.rows import Refusal
from assay.intake.cells import Cell
from assay.intake.refusals import Reason, Unusable, refuse_row
from assay.intake.rows import MOST_IN_A_CELL, Format, Record, Source

_BATCH = 2_048
_AS_THEY_ARE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|DATE|DOUBLE|FLOAT|TIMESTAMP|VARCHAR")


def read_parquet(path: Path) -> Source:
    """Columns and rows of a Parquet file; a row's line is its number. Raises BadInput for a damaged file."""
    with duckdb.connect() as connection:
        columns = _relation(connection, path).columns
    return Source(columns, Format("parquet"), lambda: _records(path))


def _relation(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """The file's columns, each as a type that becomes a cell: exotic ones as text, times with zone in UTC."""
    try:
        connection.execute("SET TimeZone = 'UTC'")
        table = connection.read_parquet(glob.escape(str(path)))  # a name is no pattern
    except duckdb.Error:
        raise _broken(path) from None
    return table.select(*map(_as_cell, table.columns, map(str, table.types)))


def _as_cell(column: str, sql_type: str) -> duckdb.Expression:
    expression = duckdb.ColumnExpression(column)
    if sql_type.startswith("DECIMAL"):
        expression = expression.cast("DOUBLE")
    elif sql_type in ("TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"):
        expression = expression.cast("TIMESTAMP")
    elif not _AS_THEY_ARE.fullmatch(sql_type):
        expression = expression.cast("VARCHAR")
    return expression.alias(column)


def _records(path: Path) -> Iterator[Record | Refusal]:
    with duckdb.connect() as connection:
        try:
            found = connection.execute(_relation(connection, path).sql_query())
            columns = [about[0] for about in found.description or ()]
            line = 0
            while batch := found.fetchmany(_BATCH):
                for row in batch:
                    line += 1
                    yield _record(line, columns, row)
        except duckdb.Error:
            raise _broken(path) from None


def _record(line: int, columns: list[str], row: Sequence[Cell | date]) -> Record | Refusal:
    cells = [_cell(value) for value in row]
    if any(isinstance(cell, str) and len(cell) > MOST_IN_A_CELL for cell in cells):
        why = Unusable(Reason.CELL_TOO_BIG, "The row has a cell of over 1 MB: shorten it.")
        return refuse_row(line, why, dict(zip(columns, cells, strict=True)))
    return line, cells


def _cell(value: Cell | date) -> Cell:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())  # the reader of dates adds the zone
    return value


def _broken(path: Path) -> BadInput:
    return BadInput("broken_parquet", f"{path} is a damaged Parquet file.", "Export it again.")
