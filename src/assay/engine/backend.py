"""What the engine asks of whatever computes for it."""

from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
from sqlglot import exp

Native: TypeAlias = Any
"""A table as the backend has it: a DuckDB relation or a Spark DataFrame."""


class Backend(Protocol):
    """Runs SQL over tables of its own; nothing is computed before it is fetched or written."""

    dialect: str

    def run(self, query: exp.Expr, **tables: Native) -> Native:
        """The result of a query over these tables."""

    def columns(self, table: Native) -> dict[str, bool]:
        """The names of a table's columns, in order, and whether each holds whole numbers."""

    def read(self, paths: str | list[str]) -> Native:
        """Parquet files, or all that a glob finds."""

    def keep(self, table: Native) -> Native:
        """The table, computed once."""

    def load(self, table: pa.Table) -> Native:
        """A table of ours made known to it."""

    def fetch(self, table: Native) -> pa.Table:
        """A table brought to this process."""

    def batches(self, table: Native) -> Iterator[pa.RecordBatch]:
        """The same piece by piece, where it may be too large to hold."""

    def micros(self, column: exp.Expr) -> exp.Expr:
        """Microseconds since 1970 of a time; one without zone is in the policy's."""
