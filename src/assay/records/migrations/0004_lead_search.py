"""What the lead list and its search read: an index for each order, and the words of every lead."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState, StateApps

from assay.records.words import TSVECTOR, words_of

AFTER_THE_FIRST = ["mql", "pql", "sal", "sql", "opportunity", "won", "lost", "disqualified"]
FILTERED = ["rung", "temperature", "grid", "insufficient_data", "source", "campaign", "owner"]
FACTS = ("person__name", "person__email", "company__name", "company__domain", "external_id")
STEP = 5_000


class CreateFullText(migrations.CreateModel):
    """On SQLite the table is one of its own full-text search."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            tokens = "unicode61 tokenchars '@.-_+'"
            schema_editor.execute(f'CREATE VIRTUAL TABLE records_leadtext USING fts5(words, tokenize="{tokens}")')
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The words of the leads there are."""
    rows = apps.get_model("records", "Lead").objects.order_by("pk").values_list("pk", *FACTS)
    last = 0
    while some := list(rows.filter(pk__gt=last)[:STEP]):
        last = some[-1][0]
        values = [(pk, words_of(*(fact or "" for fact in facts))) for pk, *facts in some]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany("INSERT INTO records_leadtext (rowid, words) VALUES (%s, %s)", values)


def make_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL's counterpart of SQLite's table, made once that is filled."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX lead_words ON records_leadtext USING gin (({TSVECTOR.format('words')}))")
        # How common the beginning of a word is decides how best to look for it, so the planner has to know many.
        schema_editor.execute("ALTER INDEX lead_words ALTER COLUMN 1 SET STATISTICS 1000")
        schema_editor.execute("ANALYZE records_leadtext")


class Migration(migrations.Migration):
    dependencies = [("records", "0003_upload")]

    operations = [
        migrations.RemoveIndex(model_name="lead", name="lead_by_rung"),
        migrations.RemoveIndex(model_name="lead", name="lead_by_capture"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["rung", "-total", "id"], name="lead_by_rung", condition=models.Q(rung__in=AFTER_THE_FIRST)
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["-total", "id", *FILTERED, "captured_at"], name="lead_by_total"),
        ),
        migrations.AddIndex(
            model_name="lead", index=models.Index(fields=["-captured_at", "id", *FILTERED], name="lead_by_capture")
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["-intent", "id", *FILTERED, "captured_at"], name="lead_by_intent"),
        ),
        CreateFullText(
            name="LeadText",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        db_column="rowid",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="records.lead",
                    ),
                ),
                ("words", models.TextField()),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(make_index, migrations.RunPython.noop),
    ]
