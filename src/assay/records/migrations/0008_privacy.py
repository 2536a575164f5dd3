"""Erasing a person leaves a record that names nobody. The triggers change with it: they are laid after every migration."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=300)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("withdrew", "withdrew"),
                            ("unfounded", "unfounded"),
                            ("no_longer_needed", "no longer needed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ErasedIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("admitted_at", models.DateTimeField(null=True)),
                (
                    "admitted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to="records.erasure"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["asked", "withdrew", "unfounded", "no_longer_needed"])),
                name="erasure_why_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasedidentity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("admitted_at", None)), fields=("digest",), name="erased_identity_once"
            ),
        ),
    ]
