"""Reading a file of rows, whatever it is: CSV, a workbook, JSON lines or Parquet, found by content and suffix."""

import re
from collections import Counter
from pathlib import Path

from assay.domain.contact import email_identity
from assay.domain.errors import BadInput
from assay.domain.rows import Refusal as BadRow
from assay.intake.cells import Cell, clean
from assay.intake.csv_files import read_csv
from assay.intake.json_lines import read_json_lines
from assay.intake.opening import content_of, read_head
from assay.intake.rows import Format, RawRow, Source, Table

__all__ = ["BadRow", "Cell", "Format", "RawRow", "Table", "read_table"]

_DATA = re.compile(r"[-+\d.,:/\s]+")


def read_table(
    path: str | Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> Table:
    """A file as a table that is read row by row, as often as needed.

    Encoding, delimiter and sheet are found where they are not given; ``Table.format`` says what was found.
    Raises BadInput for a file that is no table, with what to do about it.
    """
    path = Path(path)
    source = _source(path, encoding, delimiter, sheet)
    table = Table(path, _columns(path, source.header), source.format, source.records)
    if next(iter(table), None) is None:
        raise BadInput("only_header", f"{path} has a header and no rows.", "Export it again, with rows.")
    return table


def _source(path: Path, encoding: str | None, delimiter: str | None, sheet: str | None) -> Source:
    head = read_head(path)
    content = content_of(path, head)
    if content == "json":
        return read_json_lines(path, head, encoding)
    if content == "text":
        return read_csv(path, head, encoding, delimiter)
    if content == "sheet":
        from assay.intake.sheets import read_sheet

        return read_sheet(path, sheet)
    from assay.intake.parquet_files import read_parquet  # DuckDB takes its time to load

    return read_parquet(path)


def _columns(path: Path, header: list[str]) -> list[str]:
    """The names of the columns: clean, each once, a blank one by its place. Raises BadInput for no header."""
    names = [clean(cell) for cell in header]
    said = [name for name in names if name]
    if not said or all(map(_DATA.fullmatch, said)) or any("@" in name and email_identity(name) for name in said):
        raise BadInput(
            "no_columns",
            f"The first row of {path} holds data, not the names of columns.",
            "Put a header above it, for example: email,name,company",
        )
    named = [name or f"column {number}" for number, name in enumerate(names, start=1)]
    if twice := [name for name, count in Counter(named).items() if count > 1]:
        raise BadInput(
            "duplicate_columns",
            f"{path} has more than one column named {', '.join(twice)}.",
            "Give each column a name of its own.",
        )
    return named
