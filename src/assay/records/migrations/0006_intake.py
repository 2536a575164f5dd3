"""Events over HTTP: keys, counts, what was refused, people who turn out to be one; passes that reached contact."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_company_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("write_key", models.BigIntegerField(default=0)),
                ("outcome", models.CharField(max_length=12)),
                ("reason", models.CharField(blank=True, max_length=50)),
                ("process", models.IntegerField()),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=150)),
                ("why", models.CharField(max_length=300)),
                ("moved", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WriteKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("rules", models.JSONField(default=list)),
                ("origins", models.JSONField(default=list)),
                ("rate", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="identity",
            name="identity_kind_known",
        ),
        migrations.AddField(
            model_name="quarantine",
            name="received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="quarantine",
            name="replayed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="signal",
            name="bot_reason",
            field=models.CharField(blank=True, max_length=50),
        ),
        migrations.AlterField(
            model_name="identity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("email", "email"),
                    ("lead_id", "lead id"),
                    ("user", "user"),
                    ("visitor", "visitor"),
                    ("phone", "phone"),
                    ("row", "row"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="pendingsignal",
            name="at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="pendingsignal",
            name="signal",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                serialize=False,
                to="records.signal",
            ),
        ),
        migrations.AlterField(
            model_name="quarantine",
            name="imported_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="quarantine", to="records.import"
            ),
        ),
        migrations.AlterField(
            model_name="quarantine",
            name="line",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="signal",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signals",
                to="records.import",
            ),
        ),
        migrations.AddIndex(
            model_name="pass",
            index=models.Index(
                condition=models.Q(("contacted_at__isnull", False)), fields=["lead", "number"], name="pass_contacted"
            ),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["email", "lead_id", "user", "visitor", "phone", "row"])),
                name="identity_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakecount",
            constraint=models.UniqueConstraint(
                fields=("minute", "write_key", "outcome", "reason", "process"), name="intake_count_once"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="records.person"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="merged",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merged_into", to="records.person"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="undone_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="writekey",
            name="campaign",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="write_keys", to="records.campaign"
            ),
        ),
        migrations.AddField(
            model_name="writekey",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="write_keys", to="records.source"
            ),
        ),
        migrations.AddField(
            model_name="quarantine",
            name="key",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="quarantine", to="records.writekey"
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="key",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signals",
                to="records.writekey",
            ),
        ),
        migrations.AddIndex(
            model_name="quarantine",
            index=models.Index(
                condition=models.Q(("imported_by", None)), fields=["-received_at", "-id"], name="quarantine_received"
            ),
        ),
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(
                condition=models.Q(("imported_by__isnull", False)), fields=["imported_by"], name="signal_imported"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("merged",), name="merged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("merged")), _negated=True), name="merge_of_two"
            ),
        ),
    ]
