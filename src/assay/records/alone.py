"""A lock that only one process of ours holds at a time, whichever database it is."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ADVISORY_LOCK = 0x61737361795F
"""The number by which PostgreSQL knows that somebody of ours brings the database up to date."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold a lock that no other process of ours holds: on the database's folder, or in PostgreSQL itself."""
    if connection.vendor == "sqlite":
        folder = os.open(Path(str(connection.settings_dict["NAME"])).parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
