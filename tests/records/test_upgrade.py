"""A database of the first version becomes one of this version, in place or from a backup, and keeps what it holds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.actions.restoring import restore
from assay.domain.ladder import Rung
from assay.records import triggers
from assay.records.archive import reading
from assay.records.backup import back_up
from assay.records.notifications import Notification
from assay.records.outbox import OutboxMessage
from assay.records.tables import unapplied
from tests.people import NOW, a_lead_on, an_mql, mara, sam
from tests.records.dump import Dump, everything

FIRST = [("records", "0001_initial")]
TOLD_SINCE = (Notification, OutboxMessage)  # the first version told nobody of what happened
LATER = NOW + timedelta(days=1)


@contextmanager
def an_empty_database(folder: Path) -> Iterator[None]:
    """Django works on a new database of the same kind for a while."""
    settings, name = connection.settings_dict, f"upgraded_{os.getpid()}"
    used = settings["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        settings["NAME"] = str(folder / "upgraded.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # nobody asks what survives a crash
    else:
        server = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        server.execute(f"CREATE DATABASE {name}")
        settings["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = used
        if connection.vendor == "postgresql":
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.close()


@transaction.atomic
def fill(apps: Apps, rows: Dump) -> None:
    """Write rows as the first version would have written them."""
    for model in apps.get_app_config("records").get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        said = [{name: value for name, value in row.items() if name in names} for row in rows[model.__name__]]
        model._default_manager.bulk_create([model(**row) for row in said])


def told(rows: Dump) -> dict[str, list[dict[str, Any]]]:
    """What has to be the same after it, in whichever order."""
    return {name: sorted(table, key=repr) for name, table in rows.items()}


def assert_sound() -> None:
    assert not unapplied()
    assert not triggers.missing(connection)
    connection.check_constraints()


@pytest.mark.slow
def test_a_database_of_the_first_version(transactional_db: None, tmp_path: Path) -> None:
    for rung in (Rung.LEAD, Rung.OPPORTUNITY, Rung.WON, Rung.DISQUALIFIED):
        a_lead_on(rung, campaign="Autumn", email=f"{rung}@{rung}.example")
    gate.reject(an_mql().pk, actor(sam()), LATER, reason="bad_data")
    work.recycle(a_lead_on(Rung.LOST).pk, actor(sam()), LATER, reason="not_now")
    mara()
    rows = everything(without=TOLD_SINCE)
    with an_empty_database(tmp_path):
        executor = MigrationExecutor(connection)
        executor.migrate(FIRST)
        first = executor.loader.project_state(FIRST).apps
        fill(first, rows)
        back_up(tmp_path / "first.zip", NOW, lambda _: None, first)

        call_command("migrate", interactive=False, verbosity=0)
        assert_sound()
        assert told(everything(without=TOLD_SINCE)) == told(rows)

        with reading(tmp_path / "first.zip") as archive:
            restore(archive, lambda _: None, replace=True)
        assert_sound()
        assert told(everything(without=TOLD_SINCE)) == told(rows)
