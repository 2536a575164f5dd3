"""How many rows are written at once, and a transaction that starts over when another writer got in between.

Django's own bulk_create takes a statement apart for every row; for a long import that is most of the time.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from django.db import IntegrityError, OperationalError, connection, models, transaction

Row = TypeVar("Row", bound=models.Model)
Result = TypeVar("Result")
Column: TypeAlias = "models.Field[Any, Any]"

TRIES = 5

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
    _execute(model, "INSERT INTO {table} ({columns}) VALUES ({values})", _fields(model), new)
    return new


def update(model: type[Row], rows: Sequence[Row], fields: Sequence[str]) -> None:
    """Write some fields of rows that exist already."""
    pk = model._meta.pk
    targets = [field for name in fields for field in _fields(model) if field.name == name]
    _execute(model, "UPDATE {table} SET {assignments} WHERE {key} = %s", [*targets, pk], rows)


def upsert(model: type[Row], rows: Sequence[Row], unique: Sequence[str], fields: Sequence[str]) -> None:
    """Insert rows, or update ``fields`` of those whose ``unique`` fields exist already."""
    columns = [field for field in _fields(model) if not isinstance(field, models.AutoField)]
    sql = "INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT ({unique}) DO UPDATE SET {excluded}"
    _execute(model, sql, columns, rows, unique=unique, updated=fields)


def _fields(model: type[models.Model]) -> list[Column]:
    return list(model._meta.concrete_fields)


def _execute(
    model: type[Row],
    sql: str,
    fields: Sequence[Column],
    rows: Sequence[Row],
    unique: Sequence[str] = (),
    updated: Sequence[str] = (),
) -> None:
    """Run one statement for every row; each name in it is one of the model's own columns, quoted."""
    if not rows:
        return
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in fields]
    statement = sql.format(
        table=quote(model._meta.db_table),
        key=names[-1],
        columns=", ".join(names),
        values=", ".join(["%s"] * len(names)),
        assignments=", ".join(f"{name} = %s" for name in names[:-1]),
        unique=", ".join(_column(model, name) for name in unique),
        excluded=", ".join(f"{_column(model, name)} = excluded.{_column(model, name)}" for name in updated),
    )
    prepare = [(at, _prepare(field)) for at, field in enumerate(fields) if not isinstance(field, PLAIN)]
    values = attrgetter(*(field.attname for field in fields))
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_prepared(values(row), prepare) for row in rows])


def _column(model: type[models.Model], name: str) -> str:
    (column,) = (field.column for field in _fields(model) if field.name == name)
    return connection.ops.quote_name(str(column))


def _prepare(field: Column) -> Callable[[Any], Any]:
    convert = partial(field.get_db_prep_save, connection=connection)
    # The rows of one statement mostly share their times.
    return lru_cache(maxsize=4_096)(convert) if isinstance(field, models.DateTimeField) else convert


def _prepared(values: tuple[Any, ...], prepare: Sequence[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
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
    """Run ``work`` in one transaction, again when another writer inserted the same row first or locks crossed."""
    for remaining in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return work()
        except (IntegrityError, OperationalError) as error:
            if remaining == 0 or connection.in_atomic_block or not _another_writer(error):
                raise
    raise AssertionError("the last try returns or raises")


def _another_writer(error: Exception) -> bool:
    """Whether the failure is a collision (unique violation, deadlock, serialization) that a second try resolves."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in ("23505", "40P01", "40001")
    return "UNIQUE constraint failed" in str(error) or "database is locked" in str(error)
