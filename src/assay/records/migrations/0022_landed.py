"""What came over HTTP waits in a table of its own to be sorted."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def keep_as_it_is(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL would press together what is there for a moment only."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE records_landed ALTER COLUMN content SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [("records", "0021_notifications")]

    operations = [
        migrations.CreateModel(
            name="Landed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("events", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.RunPython(keep_as_it_is, migrations.RunPython.noop),
    ]
