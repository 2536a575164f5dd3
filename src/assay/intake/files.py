"""A file of leads, signals or costs opened with one set of options: its table, its columns as fields, and its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from assay.domain.rows import CostRow, LeadRow, Refusal, SignalRow
from assay.intake.columns import ColumnMap, Overrides, cost_mapping, lead_mapping, signal_mapping
from assay.intake.costs import Unsaid, read_costs
from assay.intake.date_order import DateOrder
from assay.intake.leads import read_leads
from assay.intake.rows import Table
from assay.intake.signals import read_signals
from assay.intake.tables import read_table

Row = TypeVar("Row", LeadRow, SignalRow, CostRow)


class Reading(NamedTuple):
    """How to read a file, where its own look does not tell it right."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    date_order: DateOrder = "auto"

    def table(self, path: Path) -> Table:
        """The file as a table."""
        return read_table(path, encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet)


@dataclass(frozen=True, slots=True)
class Opened(Generic[Row]):
    """A file about to be read: which column is which field, and its rows or what was wrong with them."""

    table: Table
    mapping: ColumnMap
    rows: Iterator[Row | Refusal]


def open_leads(
    path: Path, reading: Reading, zone: tzinfo, maps: Overrides = (), source: str | None = None, *, only: bool = False
) -> Opened[LeadRow]:
    """A file of leads; ``source`` stands where a row names none. With ``only`` no column is found but those given."""
    table = reading.table(path)
    mapping = lead_mapping(table.columns, maps, only=only)
    rows = read_leads(table, mapping, tz=zone, date_order=reading.date_order, default_source=source)
    return Opened(table, mapping, rows)


def open_signals(
    path: Path, reading: Reading, zone: tzinfo, maps: Overrides = (), *, only: bool = False
) -> Opened[SignalRow]:
    """A file of signals, opened as :func:`open_leads` does."""
    table = reading.table(path)
    mapping = signal_mapping(table.columns, maps, only=only)
    return Opened(table, mapping, read_signals(table, mapping, tz=zone, date_order=reading.date_order))


def open_costs(
    path: Path, reading: Reading, unsaid: Unsaid, maps: Overrides = (), *, only: bool = False
) -> Opened[CostRow]:
    """A file of costs, opened as :func:`open_leads` does; ``unsaid`` stands where a row names no source or currency."""
    table = reading.table(path)
    mapping = cost_mapping(table.columns, maps, only=only)
    return Opened(table, mapping, read_costs(table, mapping, unsaid, date_order=reading.date_order))
