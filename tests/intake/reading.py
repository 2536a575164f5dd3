"""How the tests of intake look at what was read."""

import pytest

from assay.domain.errors import BadInput
from assay.domain.rows import Refusal
from assay.intake.rows import RawRow, Table
from assay.intake.tables import read_table


def cells(table: Table) -> list[list[object]]:
    """The cells of every good row."""
    return [list(row.values.values()) for row in table if isinstance(row, RawRow)]


def lines(table: Table) -> list[int]:
    """The lines of every good row."""
    return [row.line for row in table if isinstance(row, RawRow)]


def refusals(rows: object) -> list[tuple[int, str]]:
    """Line and code of every refused row."""
    return [(row.line, row.code) for row in rows if isinstance(row, Refusal)]  # type: ignore[attr-defined]


def refused(path: object, **options: str) -> BadInput:
    """The error that a file as a whole meets; it always says what to do."""
    with pytest.raises(BadInput) as caught:
        read_table(path, **options)  # type: ignore[arg-type]
    assert caught.value.sentence.endswith(".")
    assert caught.value.hint
    return caught.value
