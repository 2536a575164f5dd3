"""How many rows are written at once, and a transaction that starts over when another writer got in between.

Django's own bulk_create takes a statement apart for every row; for a long import that is most of the time.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.backends.utils import CursorWrapper

Row = TypeVar("Row", bound=models.Model)
Result = TypeVar("Result")
Column: TypeAlias = "models.Field[Any, Any]"

TRIES = 5

LONG_SECONDS = 0.02
"""What one person decides takes less."""
SHARE = 0.15
"""Of the time for which somebody held SQLite's one writer, that he leaves it to others before he comes back."""
REST_SECONDS = 0.1
"""How seldom SQLite looks whether the writer is free; a shorter rest would often be over before."""

INSERT = "INSERT INTO {table} ({columns}) VALUES ({values})"

PLAIN = (
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.IntegerField,
    models.FloatField,
    models.AutoField,
    models.ForeignKey,
)
"""Fields whose Python value both drivers take as it is."""


def insert(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """Insert new rows and give them their ids, in order."""
    new = list(rows)
    if new and isinstance(model._meta.pk, models.AutoField):
        for row, pk in zip(new, _next_ids(model._meta.db_table, len(new)), strict=True):
            row.pk = pk
    fields = model._meta.concrete_fields
    _write(model, INSERT, fields, map(_values(fields), new))
    return new


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[object, ...]], table: str = ""
) -> None:
    """Insert rows given as the values of these fields; the rest stays empty.

    For rows that nobody needs as objects: making an object costs more than writing it. ``table`` is another one with
    columns of the same names.
    """
    _write(model, INSERT, [_field(model, name) for name in names], rows, table)


def insert_encoded(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[object, ...]], table: str
) -> None:
    """The same of rows whose JSON is text already."""
    _write(model, INSERT, [_field(model, name) for name in names], rows, table, (*PLAIN, models.JSONField))


def update(model: type[Row], rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write some fields of rows that exist already."""
    fields = [*(_field(model, name) for name in names), model._meta.pk]
    _write(model, "UPDATE {table} SET {assignments} WHERE {key} = %s", fields, map(_values(fields), rows))


def upsert(model: type[Row], rows: Sequence[Row], unique: Sequence[str], names: Sequence[str]) -> None:
    """Insert rows, or update the named fields of those whose ``unique`` fields exist already."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    conflict = ", ".join(_column(_field(model, name)) for name in unique)
    kept = [_column(_field(model, name)) for name in names]
    excluded = ", ".join(f"{column} = excluded.{column}" for column in kept)
    sql = f"{INSERT} ON CONFLICT ({conflict}) DO UPDATE SET {excluded}"  # nosec B608 - quoted names of the model's own
    _write(model, sql, fields, map(_values(fields), rows))


def _values(fields: Sequence[Column]) -> Callable[[models.Model], tuple[object, ...]]:
    return attrgetter(*(field.attname for field in fields))


def _field(model: type[models.Model], name: str) -> Column:
    return next(field for field in model._meta.concrete_fields if field.name == name)


def columns_of(model: type[models.Model], names: Sequence[str]) -> list[str]:
    """The quoted columns of these fields."""
    return [_column(_field(model, name)) for name in names]


def _column(field: Column) -> str:
    return connection.ops.quote_name(str(field.column))


def _write(
    model: type[models.Model],
    sql: str,
    fields: Sequence[Column],
    rows: Iterable[tuple[object, ...]],
    table: str = "",
    plain: tuple[type[Column], ...] = PLAIN,
) -> None:
    """Run one statement for every row; each name in it is one of the model's own columns, quoted."""
    columns = [_column(field) for field in fields]
    statement = sql.format(
        table=connection.ops.quote_name(table or model._meta.db_table),
        key=columns[-1],
        columns=", ".join(columns),
        values=", ".join(["%s"] * len(columns)),
        assignments=", ".join(f"{column} = %s" for column in columns[:-1]),
    )
    prepare = [(at, _prepare(field)) for at, field in enumerate(fields) if not isinstance(field, plain)]
    prepared = [_prepared(values, prepare) for values in rows]
    with connection.cursor() as cursor:
        if prepared and connection.vendor == "postgresql" and sql is INSERT:
            _copy(cursor, statement.partition(" VALUES ")[0].replace("INSERT INTO", "COPY", 1), prepared)
        elif prepared:
            cursor.executemany(statement, prepared)


def _copy(cursor: CursorWrapper, start: str, rows: Iterable[Sequence[Any]]) -> None:
    """PostgreSQL's own way in for many rows; it asks nothing back."""
    # Django's errors, as every other statement raises them: by those a collision is recognised.
    with connection.wrap_database_errors, cursor.copy(f"{start} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _prepare(field: Column) -> Callable[[Any], Any]:
    convert = partial(field.get_db_prep_save, connection=connection)
    # The rows of one statement mostly share their times.
    return lru_cache(maxsize=4_096)(convert) if isinstance(field, models.DateTimeField) else convert


def _prepared(values: tuple[object, ...], prepare: Sequence[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
    if not prepare:
        return values
    row = list(values)
    for at, convert in prepare:
        row[at] = convert(row[at])
    return row


def _next_ids(table: str, count: int) -> range | list[int]:
    """Ids nobody else gets: the sequence's on PostgreSQL; on SQLite the writer is alone, so those after the last."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + count)


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run ``work`` in one transaction, again when another writer was first with a row or locks crossed."""
    for remaining in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                began = time.monotonic()
                result = work()
        except (IntegrityError, OperationalError) as error:
            if remaining == 0 or connection.in_atomic_block or not _another_writer(error):
                raise
        else:
            _let_others_write(time.monotonic() - began)
            return result
    raise AssertionError("the last try returns or raises")


def _let_others_write(held: float) -> None:
    """Rest now and then on SQLite, where who waits for the writer does not queue but looks whether it is free.

    Else chunk after chunk of a long job takes it again before anybody sees that.
    """
    if held < LONG_SECONDS or connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    _owed.seconds = getattr(_owed, "seconds", 0.0) + SHARE * held
    if _owed.seconds >= REST_SECONDS:
        time.sleep(min(_owed.seconds, 2 * REST_SECONDS))
        _owed.seconds = 0.0


_owed = threading.local()


def _another_writer(error: Exception) -> bool:
    """Whether the failure is a collision that a second try resolves.

    On PostgreSQL: what we insert is there, what we refer to is gone (by id, or looked up and not found), a deadlock,
    a serialization failure.
    """
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in ("23502", "23505", "23503", "40P01", "40001")
    return "UNIQUE constraint failed" in str(error) or "database is locked" in str(error)
