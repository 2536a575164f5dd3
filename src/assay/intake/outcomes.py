"""A table of any kind with its outcomes: which rows were won, in the order of time, and all its other columns."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from assay.domain.errors import BadInput
from assay.domain.fit import as_number
from assay.intake.cells import Cell, text_of
from assay.intake.date_order import DateOrder, settle_order
from assay.intake.moments import Moments
from assay.intake.numbers import number
from assay.intake.refusals import Unusable
from assay.intake.rows import RawRow, Table
from assay.learning.columns import MOSTLY, Column, Value

WON = frozenset({"1", "yes", "y", "true", "t", "won", "converted", "customer", "closed won", "success"})
LOST = frozenset({"0", "no", "n", "false", "f", "lost", "not converted", "closed lost", "failure"})
SHOWN, SAMPLE = 8, 200
"""Values that a sentence names, and by how many it is seen whether a column holds dates."""


class Outcomes(NamedTuple):
    """A table to learn from, its oldest row first where its ``time`` is known.

    ``lost`` are the outcomes that count as not won, ``left_out`` rows without an outcome or a time, and ``days`` the
    columns that hold dates: those are not learned from.
    """

    columns: list[Column]
    won: list[bool]
    time: str | None
    lost: list[str]
    left_out: int
    days: list[str]


def read_outcomes(
    table: Table, outcome: str, won: str | None = None, time: str | None = None, date_order: DateOrder = "auto"
) -> Outcomes:
    """All rows whose outcome is known. ``won`` is the value that means won, where it does not say so itself.

    Raises BadInput for a column that is not there, and for outcomes that do not tell which of them is won.
    """
    for name in filter(None, (outcome, time)):
        if name not in table.columns:
            raise BadInput(
                "unknown_column", f'{table.path} has no column "{name}".', f"It has: {', '.join(table.columns)}."
            )
    every = [row.values for row in table if isinstance(row, RawRow)]
    means = _meaning([text_of(row[outcome]) for row in every], outcome, won)
    rows = [row for row in every if means(text_of(row[outcome])) is not None]
    if time:
        rows = _by_time(rows, time, date_order)
    names = [name for name in table.columns if name not in (outcome, time)]
    days = [name for name in names if _are_days([row[name] for row in rows])]
    columns = [Column(name, _values([row[name] for row in rows])) for name in names if name not in days]
    lost = Counter(text_of(row[outcome]) or "" for row in rows if not means(text_of(row[outcome])))
    wins = [means(text_of(row[outcome])) is True for row in rows]
    return Outcomes(columns, wins, time, [text for text, _ in lost.most_common()], len(every) - len(rows), days)


def _meaning(texts: Sequence[str | None], column: str, won: str | None) -> Callable[[str | None], bool | None]:
    """What tells whether an outcome is won; None where it is blank."""
    found = Counter(text.casefold() for text in texts if text is not None)
    wanted = {won.strip().casefold()} if won else WON & found.keys()
    others = found.keys() - wanted - (found.keys() if won else LOST)
    if others or not wanted & found.keys():
        shown = ", ".join(text for text, _ in found.most_common(SHOWN))
        raise BadInput(
            "which_is_won",
            f'It is not clear which outcome in "{column}" means won; it holds: {shown or "nothing"}.',
            "Say it with --won VALUE.",
        )
    return lambda text: None if text is None else text.casefold() in wanted


def _by_time(rows: list[dict[str, Cell]], column: str, date_order: DateOrder) -> list[dict[str, Cell]]:
    """The rows that have a time, by it: moments, or numbers that grow with time."""
    numbers = _values([row[column] for row in rows])
    if all(value is None or isinstance(value, float) for value in numbers):
        timed = [(value, row) for value, row in zip(numbers, rows, strict=True) if isinstance(value, float)]
        return [row for _, row in sorted(timed, key=lambda each: each[0])]
    read = Moments(column, UTC, settle_order(column, [row[column] for row in rows], date_order))
    found = [(moment, row) for row in rows if (moment := _moment(row[column], read))]
    return [row for _, row in sorted(found, key=lambda each: each[0])]


def _moment(cell: Cell, read: Moments) -> datetime | None:
    value = cell if isinstance(cell, datetime) else text_of(cell)
    try:
        return None if value is None else read(value)
    except Unusable:
        return None


def _are_days(cells: Sequence[Cell]) -> bool:
    """Whether nearly all that is said are dates, by the first of them."""
    said = [cell for cell in cells if text_of(cell) is not None][:SAMPLE]
    if not said or all(isinstance(value, float) for value in _values(said)):
        return False
    read = Moments("", UTC, "dmy")
    return sum(_moment(cell, read) is not None for cell in said) >= MOSTLY * len(said)


def _values(cells: Sequence[Cell]) -> list[Value]:
    """Cells as numbers where nearly all of them are, else as texts."""
    texts = [text_of(cell) for cell in cells]
    for read in (as_number, number):
        found = [None if text is None else read(text) for text in texts]
        if sum(value is not None for value in found) >= MOSTLY * sum(text is not None for text in texts):
            return [None if value is None else float(value) for value in found]
    return list(texts)
