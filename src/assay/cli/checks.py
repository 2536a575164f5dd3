"""What `assay doctor` looks at: one function a check, each says what it found and what to do about it."""

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder

from assay.cli import checks_running
from assay.cli.clock import now, shown
from assay.cli.database import explained, is_new_file
from assay.cli.finding import Finding
from assay.cli.words import counted
from assay.domain.errors import AssayError
from assay.records import triggers
from assay.records.models import Decision, Lead, PolicyVersion, Signal, User
from assay.records.policies import rule_at
from assay.records.tables import known_migrations, unapplied
from assay.settings import current
from assay.sqlite import SAFE_VERSION

LEAST_ROOM = 200 * 1024**2
"""Bytes of free disk under which writing may soon fail."""
ENOUGH_ROOM = 2 * 1024**3
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that shows an earlier time is wrong: this program was not written yet."""
OLDEST_POSTGRES = 15_00_00
MOST_APART = 5.0
"""Seconds between the database's clock and ours."""


def findings() -> Iterator[Finding]:
    """Every check, those of the database only if there is one that answers."""
    for check in (*OF_THE_MACHINE, *checks_running.OF_THE_MACHINE):
        yield check()
    if is_new_file():
        yield Finding("Database", "ok", "not there yet: the first command creates it")
        return
    try:
        for check in (*OF_THE_DATABASE, *checks_running.OF_THE_DATABASE):
            yield check()
    except (DatabaseError, InterfaceError) as error:
        told = explained(error) or AssayError("database_broken", str(error), "Restore it from a backup.")
        yield Finding("Database", "fail", told.sentence, told.hint)
    except AssayError as error:
        yield Finding("Policy", "fail", error.sentence, error.hint)


# --- The machine ---------------------------------------------------------------------------------


def python() -> Finding:
    """Which Python, on what."""
    return Finding("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def sqlite() -> Finding:
    """Whether SQLite is a build without the bug that can damage a file."""
    found = sqlite3.sqlite_version
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_VERSION:
        return Finding("SQLite", "warn", f"{found} can damage a file in rare cases", "pip install pysqlite3")
    return Finding("SQLite", "ok", found)


def clock() -> Finding:
    """Whether the time can be right."""
    found = f"{now():%Y-%m-%d %H:%M} UTC"
    return (
        Finding("Clock", "fail", found, "Set the machine's clock.")
        if now() < EARLIEST
        else Finding("Clock", "ok", found)
    )


def folder() -> Finding:
    """Whether the data folder can be written, and only by its owner."""
    home = current.home
    if not os.access(home, os.W_OK):
        return Finding("Folder", "fail", f"{home} may not be written", "Set ASSAY_HOME to one that may.")
    if home.stat().st_mode & 0o077:
        return Finding("Folder", "warn", f"{home} is open to other users", f"chmod 700 {home}")
    return Finding("Folder", "ok", str(home))


def room() -> Finding:
    """Whether the disk has room."""
    place = Path(str(connection.settings_dict["NAME"])).parent if connection.vendor == "sqlite" else current.home
    free = shutil.disk_usage(place).free
    found = f"{free / 1024**3:,.1f} GB free"
    if free >= ENOUGH_ROOM:
        return Finding("Disk", "ok", found)
    return Finding("Disk", "fail" if free < LEAST_ROOM else "warn", found, f"Make room at {place}.")


OF_THE_MACHINE: tuple[Callable[[], Finding], ...] = (python, sqlite, clock, folder, room)


# --- The database --------------------------------------------------------------------------------


def database() -> Finding:
    """Which database, and whether it answers."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return Finding("Database", "ok", f"{name}, {Path(str(name)).stat().st_size / 1024**2:,.1f} MB")
    version = int(_value("SHOW server_version_num"))
    found = f"PostgreSQL {version // 10_000}.{version % 10_000}, {name}"
    if version < OLDEST_POSTGRES:
        return Finding("Database", "fail", found, "Upgrade to PostgreSQL 15 or newer.")
    if (encoding := _value("SHOW server_encoding")) != "UTF8":
        return Finding("Database", "fail", f"{found}, {encoding}", "Move to a database with ENCODING 'UTF8'.")
    apart = abs(float(_value("SELECT extract(epoch FROM clock_timestamp())")) - now().timestamp())
    if apart > MOST_APART:
        return Finding("Database", "warn", f"{found}, its clock is {apart:,.0f} s off ours", "Set the clocks.")
    return Finding("Database", "ok", found)


def durability() -> Finding:
    """Whether what was committed survives a crash."""
    if connection.vendor == "sqlite":
        mode, synchronous = _value("PRAGMA journal_mode"), _value("PRAGMA synchronous")
        if (mode, synchronous) == ("wal", "2"):
            return Finding("Durability", "ok", "write-ahead log, full synchronous")
        return Finding("Durability", "warn", f"journal {mode}, synchronous {synchronous}", "Use a local disk.")
    commit = _value("SHOW synchronous_commit")
    if commit == "off":
        return Finding("Durability", "warn", "synchronous_commit is off", "Switch it on: a crash loses rows.")
    return Finding("Durability", "ok", f"synchronous_commit {commit}")


def migrations() -> Finding:
    """Whether the tables are those of this version."""
    ahead = MigrationRecorder(connection).applied_migrations().keys() - known_migrations()
    if own := [name for app, name in ahead if app == "records"]:
        return Finding("Tables", "fail", f"made by a newer version ({', '.join(own)})", "Upgrade Assay.")
    if lacking := unapplied():
        return Finding("Tables", "warn", f"{counted(len(lacking), 'migration')} to apply", "assay user list")
    return Finding("Tables", "ok", "up to date")


def append_only() -> Finding:
    """Whether the database itself refuses to change history."""
    if lacking := triggers.missing(connection):
        return Finding("Triggers", "fail", f"missing: {', '.join(sorted(lacking))}", "assay user list lays them anew")
    return Finding("Triggers", "ok", counted(len(triggers.TRIGGERS), "trigger"))


def policy() -> Finding:
    """Which rule is in force, and whether it is sound."""
    row = rule_at(now())
    if row is None:
        return Finding("Policy", "ok", "none yet: the shipped default comes into force at first use")
    since = shown(row.published_at or now(), row.policy.zone)
    drafts = PolicyVersion.objects.filter(published_at=None).count()
    return Finding("Policy", "ok", f"{row}, since {since}" + (f", {counted(drafts, 'draft')}" if drafts else ""))


def counts() -> Finding:
    """How much there is."""
    tables = ((Lead, "lead"), (Signal, "signal"), (Decision, "decision"), (User, "user"))
    return Finding("Holds", "ok", ", ".join(counted(model._default_manager.count(), name) for model, name in tables))


OF_THE_DATABASE: tuple[Callable[[], Finding], ...] = (database, durability, migrations, append_only, policy, counts)


def _value(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])
