"""A table of a file, whatever the format: its columns, what was recognised, and its rows one by one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from assay.domain.rows import Refusal
from assay.intake.cells import FORMULA_STARTS, Cell, is_formula
from assay.intake.refusals import Reason, Unusable, quoted, refuse_row

Built = TypeVar("Built")

_RISKY_STARTS = FORMULA_STARTS | frozenset(" \t\r\n")
_FIRST: Callable[[Any], Any] = itemgetter(slice(1))  # the first character, in C


class RawRow(NamedTuple):
    """A row as it stands in the file. ``line`` counts as editors and spreadsheets do: the header is 1."""

    line: int
    values: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Format:
    """What was recognised, to be shown before an import: a wrong guess can then be overruled."""

    kind: Literal["csv", "json", "parquet", "sheet"]
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


Record = tuple[int, Sequence[Cell]]
"""A line number and the cells of one row, in the order of the columns."""

MOST_IN_A_CELL = 1024 * 1024
"""Characters of one cell."""


class Source(NamedTuple):
    """What one kind of file gives: the header as written, and a function that starts reading the rows."""

    header: list[str]
    format: Format
    records: Callable[[], Iterator[Record | Refusal]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file that can be read as often as needed; nothing but the current row is held."""

    path: Path
    columns: list[str]
    format: Format
    records: Callable[[], Iterator[Record | Refusal]]

    def __iter__(self) -> Iterator[RawRow | Refusal]:
        """Each row, or why it cannot be one. Blank rows are left out."""
        columns, width = self.columns, len(self.columns)
        for record in self.records():
            if isinstance(record, Refusal):
                yield record
                continue
            line, cells = record
            if len(cells) != width:
                cells = _fitted(cells, width)
            try:
                if _says_something(cells[0]) or any(map(_says_something, cells)):
                    _check(cells, columns)
                    yield RawRow(line, dict(zip(columns, cells, strict=True)))
            except Unusable as why:
                yield refuse_row(line, why, _named(columns, cells))

    def cells(self, column: str) -> Iterator[Cell]:
        """The cells of one column, from the first row on."""
        return (row.values[column] for row in self if isinstance(row, RawRow))

    def build(self, make: Callable[[RawRow], Built]) -> Iterator[Built | Refusal]:
        """What ``make`` makes of each row; where it raises Unusable, the refusal."""
        for row in self:
            if isinstance(row, Refusal):
                yield row
                continue
            try:
                yield make(row)
            except Unusable as why:
                yield refuse_row(row.line, why, row.values)


def _fitted(cells: Sequence[Cell], width: int) -> list[Cell]:
    """Cells to the width of the header: missing ones at the end are blank, blank ones beyond it do not count."""
    fitted = [*cells, *[None] * (width - len(cells))]
    while len(fitted) > width and fitted[-1] in (None, ""):
        fitted.pop()
    return fitted


def _says_something(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace()))


def _check(cells: Sequence[Cell], columns: Sequence[str]) -> None:
    if len(cells) > len(columns):
        raise Unusable(
            Reason.TOO_MANY_CELLS,
            f"The row has {len(cells)} cells and the file {len(columns)} columns: put quotes around the cell "
            "that holds the delimiter.",
        )
    for cell in _risky(cells):
        if isinstance(cell, str) and is_formula(cell):
            raise Unusable(
                Reason.FORMULA, f"The cell {quoted(cell)} would run as a formula in a spreadsheet: write plain text."
            )
    if cells[0] == columns[0] and list(cells) == list(columns):
        raise Unusable(Reason.REPEATED_HEADER, "The row repeats the header.")


def _risky(cells: Sequence[Cell]) -> Sequence[Cell]:
    """No cells where none can be a formula: nearly always, and then for little time."""
    try:
        return () if _RISKY_STARTS.isdisjoint(map(_FIRST, cells)) else cells
    except TypeError:  # numbers have no first character
        return cells


def _named(columns: Sequence[str], cells: Sequence[Cell]) -> dict[str, object]:
    named: dict[str, object] = dict(zip(columns, cells, strict=False))
    if further := cells[len(columns) :]:
        named["further cells"] = " | ".join(map(str, further))
    return named
