"""The migrations say all that the models say, and the triggers are there after every one of them."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.models.signals import post_migrate

from assay.records import triggers
from assay.records.models import Decision, Lead, PolicyVersion, Signal


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def installed() -> set[str]:
    """The names of the triggers that the database has."""
    catalog = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalog[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


ALL = {name for name, *_ in triggers.TRIGGERS}


@pytest.mark.parametrize("table", [Signal, Decision, PolicyVersion, Lead])
def test_a_migration_that_rebuilds_a_table_keeps_its_triggers(
    transactional_db: None, table: type[models.Model]
) -> None:
    """SQLite alters a table by copying it to a new one, and the triggers go with the old."""
    assert installed() == ALL
    field = next(field for field in table._meta.concrete_fields if isinstance(field, models.CharField))
    wider = models.CharField(max_length=999, choices=field.choices, blank=field.blank)
    wider.set_attributes_from_name(field.name)
    for old, new in ((field, wider), (wider, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(table, old, new)
        post_migrate.send(
            apps.get_app_config("records"), app_config=apps.get_app_config("records"), using="default", verbosity=0
        )
        assert installed() == ALL


def test_laying_the_triggers_twice_changes_nothing(transactional_db: None) -> None:
    triggers.install(connection)
    assert installed() == ALL
