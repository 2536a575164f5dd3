"""SQLite is new enough to trust, and opened so that many read, one writes and no acknowledged row is lost."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import Database  # type: ignore[attr-defined]
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from assay import sqlite
from assay.settings import parse_database


@pytest.fixture
def connection(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection opened as in production, except that it waits for nobody."""
    handler = ConnectionHandler({"default": parse_database(f"sqlite:///{tmp_path}/leads.sqlite3?timeout=0")})
    with django_db_blocker.unblock(), handler["default"].temporary_connection():
        yield handler["default"]


@pytest.fixture
def other(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same file, as another process would have it."""
    copy = connection.copy()
    with copy.temporary_connection():
        yield copy


def ask(connection: BaseDatabaseWrapper, question: str) -> object:
    with connection.cursor() as cursor:
        return cursor.execute(question).fetchone()[0]


def begin(connection: BaseDatabaseWrapper) -> None:
    """Start a transaction the way `transaction.atomic` does."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_django_runs_on_a_safe_version() -> None:
    assert Database.sqlite_version_info >= sqlite.SAFE_VERSION or find_spec("pysqlite3") is None


@pytest.mark.parametrize(("version", "replaced"), [((3, 40, 1), True), (sqlite.SAFE_VERSION, False)])
def test_only_an_old_sqlite_is_replaced(
    version: tuple[int, ...], replaced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, bundled = ModuleType("sqlite3"), ModuleType("pysqlite3")
    monkeypatch.setattr(system, "sqlite_version_info", version, raising=False)
    monkeypatch.setattr(sqlite, "sqlite3", system)
    monkeypatch.setattr(sqlite, "find_spec", lambda _: object())
    monkeypatch.setattr(sqlite, "import_module", lambda _: bundled)
    for name in ("sqlite3", "sqlite3.dbapi2"):
        monkeypatch.setitem(sys.modules, name, system)
    sqlite.use_modern_sqlite()
    assert sys.modules["sqlite3"] is sys.modules["sqlite3.dbapi2"] is (bundled if replaced else system)


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_a_file_is_opened_durably(connection: BaseDatabaseWrapper, pragma: str, value: object) -> None:
    assert ask(connection, f"PRAGMA {pragma}") == value


def test_a_transaction_takes_the_write_lock_at_once(
    connection: BaseDatabaseWrapper, other: BaseDatabaseWrapper
) -> None:
    begin(connection)
    with pytest.raises(OperationalError, match="locked"):
        begin(other)
    assert ask(other, "SELECT count(*) FROM sqlite_schema") == 0  # readers do not wait
    connection.rollback()
