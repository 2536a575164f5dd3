"""SQLite made anew beside the file that is in use, and then put in its place in one step."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

PATIENCE = 10.0
"""Seconds it is waited for another writer."""


@contextmanager
def on_a_new_file() -> Iterator[tuple[Path, Path]]:
    """Let Django work on a new, empty file for a while; gives its place and that of the one it works on else.

    A file that was left behind, because a process was killed here, is no longer of use to anybody.
    """
    old = Path(str(connection.settings_dict["NAME"]))
    new = old.with_name(f"{old.name}.restoring")
    connection.close()
    _remove(new)
    new.touch(mode=0o600)
    try:
        connection.settings_dict["NAME"] = str(new)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # it is of use only when it is complete
        yield new, old
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(old)
        _remove(new)


def put_in_place(new: Path, old: Path) -> None:
    """Write the new database over the old in one transaction: who reads sees the one or the other, and so does who
    comes back after a power cut. Raises OperationalError where somebody else writes for too long.
    """
    deadline = time.monotonic() + PATIENCE

    def be_patient(_: int, remaining: int, total: int) -> None:
        if remaining and time.monotonic() > deadline:
            raise sqlite3.OperationalError("database is locked")

    connection.close()
    with (
        connection.wrap_database_errors,
        closing(sqlite3.connect(new)) as source,
        closing(sqlite3.connect(old, timeout=PATIENCE)) as place,
    ):
        place.execute("PRAGMA journal_mode = WAL")
        place.execute("PRAGMA synchronous = FULL")
        source.backup(place, progress=be_patient)
        place.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(file: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)
