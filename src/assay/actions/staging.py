"""Rows made ready beside a table, where nobody sees them, to be put into it by one statement."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from django.db import connection, models

from assay.actions.writing import columns_of, insert_values

CREATE = "CREATE TEMPORARY TABLE {staged} AS SELECT {columns} FROM {table} WHERE 1 = 0"
INDEX = "CREATE INDEX {index} ON {staged} ({key})"
DROP = "DROP TABLE IF EXISTS {staged}"
WITHDRAW = "DELETE FROM {staged} WHERE {key} IN ({marks})"
ADD = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staged} WHERE {key} BETWEEN %s AND %s"
UPSERT = ADD + " ON CONFLICT ({key}) DO UPDATE SET {excluded}"  # nosec B608
UPDATE = "UPDATE {table} SET {assigned} FROM {staged} AS s WHERE s.{key} = {table}.{key} AND s.{key} BETWEEN %s AND %s"


class Stage:
    """A temporary table of this connection with some columns of a model's; rows are chosen by the first, its key.

    Filling it locks nothing and is seen by nobody. What is put where takes part in the caller's transaction.
    """

    def __init__(self, model: type[models.Model], names: Sequence[str]) -> None:
        quote, table = connection.ops.quote_name, model._meta.db_table
        self._model, self._names, self._table = model, names, f"staged_{table}"
        columns = columns_of(model, names)
        self._words = {
            "table": quote(table),
            "staged": quote(self._table),
            "index": quote(f"{self._table}_key"),
            "key": columns[0],
            "columns": ", ".join(columns),
            "assigned": ", ".join(f"{column} = s.{column}" for column in columns[1:]),
            "excluded": ", ".join(f"{column} = excluded.{column}" for column in columns[1:]),
        }

    @contextmanager
    def standing(self) -> Iterator[Self]:
        """The table for a while, empty to begin with."""
        for text in (DROP, CREATE, INDEX):
            self._run(text)
        yield self
        self._run(DROP)

    def put(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Make rows ready."""
        insert_values(self._model, self._names, rows, self._table)

    def withdraw(self, keys: Sequence[int]) -> None:
        """Leave out what is ready of these."""
        if keys:
            self._run(WITHDRAW, keys, marks=", ".join(["%s"] * len(keys)))

    def add(self, first: int, last: int) -> None:
        """Insert what is ready with keys from one to another, both included."""
        self._run(ADD, (first, last))

    def upsert(self, first: int, last: int) -> None:
        """Insert it, or update the rows that exist already."""
        self._run(UPSERT, (first, last))

    def update(self, first: int, last: int) -> None:
        """Update the rows that exist by it."""
        self._run(UPDATE, (first, last))

    def _run(self, text: str, values: Sequence[int] = (), **words: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text.format(**self._words, **words), list(values))
