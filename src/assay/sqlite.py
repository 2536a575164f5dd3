"""Which SQLite the process uses and how it opens a file: durable, many readers, one writer at a time."""

import sqlite3
import sys
from importlib import import_module
from importlib.util import find_spec

# Older builds can corrupt a file when the WAL is reset while another process commits (sqlite.org/wal.html).
SAFE_VERSION = (3, 51, 3)

# For Django's DATABASES. A transaction takes the write lock at once, because one that reads first
# and then finds the lock taken cannot wait for it. Django itself switches foreign keys on.
OPTIONS: dict[str, str | float] = {
    "timeout": 5.0,  # seconds to wait for another writer
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
}


def use_modern_sqlite() -> None:
    """Put pysqlite3 in the place of `sqlite3` if the latter is too old; must run before Django imports it.

    Where there is no wheel of pysqlite3, the machine's own SQLite stays in use.
    """
    if sqlite3.sqlite_version_info >= SAFE_VERSION or find_spec("pysqlite3") is None:
        return
    sys.modules["sqlite3"] = import_module("pysqlite3")
    sys.modules["sqlite3.dbapi2"] = import_module("pysqlite3.dbapi2")
