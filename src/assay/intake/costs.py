"""Rows of a cost file become clean, typed costs, or refusals that say what to correct.

An export often has several rows of one campaign and day, one for each advertisement: their sum is the cost.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from assay.domain.errors import BadInput
from assay.domain.money import LARGEST, currency
from assay.domain.rows import CostRow, Refusal
from assay.intake.cells import Cell, text_of
from assay.intake.date_order import DateOrder, settle_order
from assay.intake.moments import Moments
from assay.intake.numbers import number
from assay.intake.refusals import Reason, Unusable, quoted
from assay.intake.rows import RawRow, Table

LONGEST_NAME = 200
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
_NAMED = re.compile(rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?,?[\s-]+(?P<year>\d{{4}})", re.IGNORECASE)
_IN_THE_NAME = re.compile(r"\((?P<code>[A-Za-z]{3})\)\s*$")


class Unsaid(NamedTuple):
    """What stands where a row does not say it."""

    source: str
    currency: str


def read_costs(
    table: Table, mapping: Mapping[str, str], unsaid: Unsaid, *, date_order: DateOrder = "auto"
) -> Iterator[CostRow | Refusal]:
    """Each cost or refusal, costs of one campaign and the same days as their sum; ``mapping`` is field -> column.

    Raises BadInput, before the first row, when the order of day and month must be asked for.
    """
    dates = [mapping[name] for name in ("from", "to", "month") if name in mapping]
    moments = {column: Moments(column, UTC, settle_order(column, table.cells(column), date_order)) for column in dates}
    return _summed(table.build(_CostReader(mapping, moments, unsaid)))


def _summed(rows: Iterator[CostRow | Refusal]) -> Iterator[CostRow | Refusal]:
    sums: dict[tuple[object, ...], CostRow] = {}
    for row in rows:
        if isinstance(row, Refusal):
            yield row
            continue
        key = (row.source.lower(), (row.campaign or "").lower(), row.first, row.last, row.currency)
        before = sums.get(key)
        sums[key] = replace(before, amount=before.amount + row.amount) if before else row
    # Platforms keep more digits than there are coins: they are added up before they are cut.
    yield from (replace(row, amount=round(row.amount, 2)) for row in sums.values())


class _CostReader:
    """Makes a cost of one row."""

    def __init__(self, mapping: Mapping[str, str], moments: Mapping[str, Moments], unsaid: Unsaid) -> None:
        self._columns, self._moments, self._unsaid = mapping, moments, unsaid
        named = _IN_THE_NAME.search(mapping["cost"])
        self._currency = named["code"].upper() if named else unsaid.currency

    def __call__(self, row: RawRow) -> CostRow:
        first, last = self._days(row)
        if first > last:
            raise Unusable(Reason.BAD_DATE, f"The cost ends on {last}, before it begins on {first}: correct the days.")
        return CostRow(
            source=self._name("source", row) or self._source(),
            campaign=self._name("campaign", row),
            first=first,
            last=last,
            amount=_amount(self._cell("cost", row)),
            currency=_currency(self._name("currency", row) or self._currency),
            line=row.line,
        )

    def _cell(self, field: str, row: RawRow) -> Cell:
        return row.values[self._columns[field]] if field in self._columns else None

    def _name(self, field: str, row: RawRow) -> str | None:
        text = text_of(self._cell(field, row))
        if text and len(text) > LONGEST_NAME:
            raise Unusable(Reason.TOO_LONG, f"The {field} is over {LONGEST_NAME} characters long: shorten it.")
        return text

    def _source(self) -> str:
        if not self._unsaid.source:
            said = "The row does not say which source it is a cost of: fill the column for source, or name one for all."
            raise Unusable(Reason.NO_SOURCE, said)
        return self._unsaid.source

    def _days(self, row: RawRow) -> tuple[date, date]:
        """The first and the last day: those said, or the whole month."""
        first = self._day("from", row)
        if first:
            return first, self._day("to", row) or first
        said = self._cell("month", row)
        if text_of(said) is None:
            raise Unusable(Reason.NO_TIME, "The row does not say when: fill the column for month, or for from and to.")
        first = _month(said) or self._read("month", said).replace(day=1)
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])

    def _day(self, field: str, row: RawRow) -> date | None:
        cell = self._cell(field, row)
        return None if text_of(cell) is None else self._read(field, cell)

    def _read(self, field: str, cell: Cell) -> date:
        said = text_of(cell) if isinstance(cell, str) else cell
        assert said is not None, "blank cells are not read"
        return self._moments[self._columns[field]](said).date()


def _month(cell: Cell) -> date | None:
    """The first day of a month as people write it: 2026-10, 10/2026, October 2026; None where it is none."""
    if isinstance(cell, datetime):
        return cell.date().replace(day=1)
    text = text_of(cell) or ""
    if found := _NAMED.fullmatch(text):
        return date(int(found["year"]), 1 + _MONTHS.index(found["name"].lower()), 1)
    found = _YEAR_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if found and 1 <= int(found["month"]) <= 12 and found["year"] != "0000":
        return date(int(found["year"]), int(found["month"]), 1)
    return None


def _amount(cell: Cell) -> Decimal:
    text = text_of(cell)
    if text is None:
        raise Unusable(Reason.BAD_AMOUNT, "The row says no cost: fill the column for cost.")
    value = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else number(text)
    if value is None:
        raise Unusable(Reason.BAD_AMOUNT, f"The cost {quoted(text)} is no amount, or could be two: write 1200.50.")
    if not 0 <= value < LARGEST:
        raise Unusable(Reason.BAD_AMOUNT, f"The cost {quoted(text)} is not one of zero or more: correct it.")
    return Decimal(str(value))


def _currency(text: str) -> str:
    try:
        return currency(text)
    except BadInput as error:
        raise Unusable(Reason.BAD_CURRENCY, f"{error.sentence} {error.hint}") from None
