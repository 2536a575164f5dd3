"""The database made ready on first use, and what it may answer in the words of a person."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.core.management import call_command
from django.db import DatabaseError, DataError, InterfaceError, OperationalError, connection

from assay.cli.failures import Unavailable
from assay.domain.errors import AssayError, BadInput
from assay.records import triggers
from assay.records.alone import alone
from assay.records.tables import unapplied

P = ParamSpec("P")
R = TypeVar("R")


def with_database(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command a database that is up to date, and say in one sentence why there is none."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        prepare()
        return command(*args, **kwargs)

    return told(run)


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Say in one sentence why a command's database fails it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (DatabaseError, InterfaceError) as error:
            if said := explained(error):
                raise said from error
            raise

    return run


def prepare() -> None:
    """Create the database or bring it up to date; quick when it is. Only one of several processes does the work."""
    if not is_new_file() and is_current():
        return
    with alone():
        if not is_current():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)


def is_current() -> bool:
    """Whether every migration has been applied and every trigger stands."""
    return not unapplied() and not triggers.missing(connection)


def is_new_file() -> bool:
    """Whether this is SQLite without a file. Two processes that open it at once would meet at the switch to WAL."""
    if connection.vendor != "sqlite" or connection.connection is not None:
        return False
    path = Path(str(connection.settings_dict["NAME"]))
    return not path.exists() or path.stat().st_size == 0


def explained(error: Exception) -> AssayError | None:
    """What a database's error means for whoever waits; None for one that only a programmer can mend."""
    said = str(error).strip().partition("\n")[0]
    for words, code, sentence, hint in _KNOWN:
        if words in said:
            return Unavailable(code, sentence, hint)
    if isinstance(error, DataError):
        return BadInput("too_big", f"The database cannot hold a value: {said}.", "Shorten it.")
    # SQLite calls a wrong statement by the same name, and that is for a programmer.
    if isinstance(error, OperationalError | InterfaceError) and connection.vendor != "sqlite":
        return Unavailable(
            "database_unavailable",
            f"The database cannot be used: {said.removesuffix('.')}.",
            "Check ASSAY_DATABASE and whether the server runs, then ask: assay doctor",
        )
    return None


_KNOWN = (
    ("database is locked", "database_locked", "Another process is writing to the database.", "Try again in a moment."),
    ("lock timeout", "database_locked", "Others use the database.", "Stop assay serve and assay work, then try again."),
    ("disk is full", "disk_full", "The disk is full; nothing was changed.", "Make room and run the command again."),
    ("No space left", "disk_full", "The database's disk is full; nothing was changed.", "Make room and try again."),
    (
        "readonly database",
        "database_read_only",
        "The database may only be read.",
        "Give this user the right to write it.",
    ),
    (
        "unable to open database file",
        "database_unavailable",
        "The database file cannot be opened.",
        "Check ASSAY_HOME or ASSAY_DATABASE and your rights to the folder.",
    ),
    ("not a database", "database_broken", "The database file is no SQLite database.", "Check ASSAY_DATABASE."),
    ("permission denied", "no_rights", "The database user lacks a right.", "Let it create and change tables."),
    ("malformed", "database_broken", "The database file is damaged.", "Restore it from a backup."),
)
"""Words of the error, our code, what it means, and what to do."""
