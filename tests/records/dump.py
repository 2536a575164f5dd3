"""Every row there is, so that a test can say that nothing changed and mean it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from assay.domain.errors import AssayError

Dump = dict[str, list[dict[str, Any]]]


def everything(*, without: Collection[type[models.Model]] = ()) -> Dump:
    """The rows of every table by model, each table ordered by its key."""
    tables = [model for model in apps.get_app_config("records").get_models() if model not in without]
    filled = _filled([model._meta.db_table for model in tables])
    rows = {table: table._default_manager.order_by("pk").values() for table in tables}
    return {table.__name__: list(values) if table._meta.db_table in filled else [] for table, values in rows.items()}


def _filled(tables: list[str]) -> set[str]:
    """The tables that have rows: asked at once, because most have none."""
    each = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {table for (table,) in cursor.fetchall()}


@contextmanager
def refused(*codes: str) -> Iterator[pytest.ExceptionInfo[AssayError]]:
    """What happens inside is refused, with one of these codes, and leaves every row as it was."""
    before = everything()
    with pytest.raises(AssayError) as why:
        yield why
    assert why.value.code in codes
    assert everything() == before


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside is rolled back at the end: for many examples within one test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def execute(statement: str, *values: str) -> None:
    """Run raw SQL, as somebody with access to the database could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
