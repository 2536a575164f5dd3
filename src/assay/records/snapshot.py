"""All rows there are, as of one moment, while others go on writing; and alike from both databases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connection, models, transaction

AT_ONCE = 2_000
"""Rows of one reading."""


class Kept(NamedTuple):
    """A table that a backup keeps: its model and the fields of its columns."""

    model: type[models.Model]
    fields: "Sequence[models.Field[object, object]]"

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table

    @property
    def label(self) -> str:
        """The model's name with its app's."""
        return self.model._meta.label

    @property
    def columns(self) -> list[str]:
        """What its fields are called: a reference by the column that holds it."""
        return [field.attname for field in self.fields]


def kept(apps: Apps = installed) -> list[Kept]:
    """Every table of every model, by name. Left out are only the cache and the list of migrations, made anew."""
    found = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    return sorted((Kept(model, model._meta.concrete_fields) for model in found), key=lambda each: each.name)


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read inside is as of one moment. Nobody who writes waits for it, on either database."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:  # Django's own transactions take the lock of a writer
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows(table: Kept) -> Iterator[tuple[object, ...]]:
    """The rows of a table in the order of its key, as Python has them."""
    ordered = table.model._base_manager.order_by("pk").values_list(*table.columns)
    return ordered.iterator(AT_ONCE)


def last_id(table: Kept) -> int | None:
    """The last number its ids reached, be the row gone since; None where nothing counts them."""
    key = table.model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField):
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            ask = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)"
            cursor.execute(ask, [table.name, key.column])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
        found = cursor.fetchone()
    return int(found[0] or 0) if found else 0
