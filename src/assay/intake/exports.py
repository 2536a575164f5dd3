"""Writing tables out: CSV that is safe to open in a spreadsheet, JSON lines, and Parquet."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TextIO

import msgspec
from defusedcsv import csv as defused

from assay.domain.errors import BadInput
from assay.intake.cells import FORMULA_STARTS

Value = str | int | float | bool | Decimal | datetime | None
Row = Sequence[Value]


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a header and rows, and return how many rows. Open the file with ``newline=""``.

    A cell that a spreadsheet would run gets an apostrophe in front. Truth values are true and false,
    moments ISO 8601, blanks empty.
    """
    lines = csv_lines(columns, rows)
    file.write(next(lines))
    return sum(bool(file.write(line)) for line in lines)


def csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of such a file one by one, for whoever sends it while it is read."""
    writer = defused.writer(_Handed())
    for row in chain((columns,), rows):
        yield writer.writerow(map(_safe, row))


class _Handed:
    """A file for the writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _safe(value: Value) -> str | int | float | Decimal | None:
    """A cell for the writer, which knows the usual starts of a formula but none that are hidden."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value:
        start = value.lstrip("\0 \t\r\n")[:1]
        if value[0] in "\0\t\r\n" or (start in FORMULA_STARTS and value[0] not in "=+-@"):
            return f"'{value}"
    return value


def write_json_lines(file: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write one object a line, and return how many. Decimals are strings, so that no digit is lost."""
    encode = msgspec.json.Encoder().encode
    count = 0
    for row in rows:
        file.write(encode(dict(zip(columns, row, strict=True))).decode() + "\n")
        count += 1
    return count


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a Parquet file and return how many rows. A column of mixed values becomes text."""
    import duckdb  # takes its time to load, and only this needs it

    types: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        staged = Path(folder, "rows.jsonl")
        with staged.open("w", encoding="utf-8") as file:
            count = write_json_lines(file, columns, _typed(columns, rows, types))
        table = connection.read_json(
            str(staged),
            columns={column: types.get(column, "VARCHAR") for column in columns},
            format="newline_delimited",
        )
        table.write_parquet(str(path), compression="zstd")
    return count


_SQL_TYPES: dict[type, str] = {
    bool: "BOOLEAN",
    int: "BIGINT",
    float: "DOUBLE",
    Decimal: "DECIMAL(38, 6)",
    datetime: "TIMESTAMPTZ",
    str: "VARCHAR",
}


def _typed(columns: Sequence[str], rows: Iterable[Row], types: dict[str, str]) -> Iterator[Row]:
    """The rows as they are, with the type of each column noted on the way."""
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            if value is not None:
                kind = _SQL_TYPES[type(value)]
                known = types.setdefault(column, kind)
                if known != kind:
                    types[column] = "DOUBLE" if {known, kind} == {"BIGINT", "DOUBLE"} else "VARCHAR"
        yield row


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a file of the format its suffix names, and return how many rows. Raises BadInput for another suffix."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return write_parquet(path, columns, rows)
    writer = {".csv": write_csv, ".jsonl": write_json_lines, ".ndjson": write_json_lines}.get(suffix)
    if writer is None:
        raise BadInput("unknown_format", f"{path} names no format.", "End the name with .csv, .jsonl or .parquet.")
    with path.open("w", encoding="utf-8", newline="") as file:
        return writer(file, columns, rows)
