"""The Django app of the records; it (re)installs the triggers after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "assay.records"
    label = "records"

    def ready(self) -> None:
        from assay.records.triggers import install_after_migrate  # models are not loaded before this

        # SQLite rebuilds a table to alter it and drops its triggers on the way, so they are laid anew each time.
        post_migrate.connect(install_after_migrate, sender=self)
