"""Rows made ready beside a table, where nobody sees them, to be put into it by one statement."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models
from django.db.models.expressions import RawSQL

from assay.actions.writing import columns_of, insert_encoded

CREATE = "CREATE TEMPORARY TABLE {staged} AS SELECT {columns} FROM {table} WHERE 1 = 0"
DROP = "DROP TABLE IF EXISTS {staged}"
EMPTY = "DELETE FROM {staged}"
TRUNCATE = "TRUNCATE {staged}"
KEYS = "SELECT {key} FROM {staged}"
WITHDRAW = "DELETE FROM {staged} WHERE {key} IN ({marks})"
ADD = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staged} WHERE TRUE"
UPSERT = ADD + " ON CONFLICT ({key}) DO UPDATE SET {excluded}"  # nosec B608
UPDATE = (
    "UPDATE {table} SET {assigned} FROM {staged} AS s "
    "WHERE s.{key} = {table}.{key} AND ({before}) IS DISTINCT FROM ({after})"
)
AT_ONCE = 1_000
"""Keys of one statement."""
ROOM = 128
"""Megabytes of pages that SQLite keeps in memory while much is put in place."""


class Stage:
    """A temporary table of this connection with some columns of a model's; the first of them is its key.

    Filling it locks nothing and is seen by nobody. What is put where takes part in the caller's transaction: all that
    is ready, by one statement, because a statement for each thousand rows costs as much again as the rows.
    """

    def __init__(self, model: type[models.Model], names: Sequence[str], name: str = "") -> None:
        quote, table = connection.ops.quote_name, model._meta.db_table
        self._model, self._names, self._table = model, names, name or f"staged_{table}"
        columns = columns_of(model, names)
        self._words = {
            "table": quote(table),
            "staged": quote(self._table),
            "key": columns[0],
            "columns": ", ".join(columns),
            "assigned": ", ".join(f"{column} = s.{column}" for column in columns[1:]),
            "before": ", ".join(f"{quote(table)}.{column}" for column in columns[1:]),
            "after": ", ".join(f"s.{column}" for column in columns[1:]),
            "excluded": ", ".join(f"{column} = excluded.{column}" for column in columns[1:]),
        }

    @contextmanager
    def standing(self) -> Iterator[None]:
        """The table for a while, empty to begin with."""
        self._run(DROP)
        self._run(CREATE)
        yield
        self._run(DROP)

    def put(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Make rows ready; what the model keeps as JSON is given as its text."""
        insert_encoded(self._model, self._names, rows, self._table)

    def keys(self) -> RawSQL:
        """The keys of what is ready, for queries to look up."""
        return RawSQL(KEYS.format(**self._words), ())  # nosec B611 - quoted names of the model's own

    def withdraw(self, keys: Sequence[int]) -> None:
        """Leave out what is ready of these."""
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            self._run(WITHDRAW, some, marks=", ".join(["%s"] * len(some)))

    def add(self) -> None:
        """Insert what is ready."""
        self._run(ADD)

    def upsert(self) -> None:
        """Insert it, or update the rows that exist already."""
        self._run(UPSERT)

    def update(self) -> None:
        """Update the rows that exist by it, where they differ."""
        self._run(UPDATE)

    def empty(self) -> None:
        """Nothing is ready any more."""
        # What PostgreSQL deletes of a temporary table stays in the way, as nobody vacuums it.
        self._run(TRUNCATE if connection.vendor == "postgresql" else EMPTY)

    def _run(self, text: str, values: Sequence[int] = (), **words: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text.format(**self._words, **words), list(values))


@contextmanager
def with_room() -> Iterator[None]:
    """For writing much at once: SQLite has two megabytes for pages, and would write out and read again each of them."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = -{ROOM * 1024}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")
