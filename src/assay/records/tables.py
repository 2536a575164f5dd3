"""Whether the tables are those of this version of the program."""

import pkgutil
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def unapplied() -> set[tuple[str, str]]:
    """The migrations that the database lacks, by app and name."""
    return known_migrations() - MigrationRecorder(connection).applied_migrations().keys()


def known_migrations() -> set[tuple[str, str]]:
    """The migrations there are, by app and name; only their files are listed, as loading them takes a while."""
    found = set()
    for app in apps.get_app_configs():
        module, _ = MigrationLoader.migrations_module(app.label)
        if module and (Path(app.path) / "migrations").is_dir():
            names = pkgutil.iter_modules(import_module(module).__path__)
            found |= {(app.label, name) for _, name, _ in names if name[0] not in "_~"}
    return found
