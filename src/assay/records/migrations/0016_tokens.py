"""What programs sign in with, and the answers they got, so that asking twice does nothing twice."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_outbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("begins", models.CharField(max_length=20)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("marketer", "marketer"),
                            ("rep", "rep"),
                            ("manager", "manager"),
                            ("admin", "admin"),
                            ("viewer", "viewer"),
                            ("operator", "operator"),
                        ],
                        max_length=10,
                    ),
                ),
                ("scopes", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_on", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255)),
                ("asked", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                (
                    "lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lead"
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="records.token"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["", "marketer", "rep", "manager", "admin", "viewer", "operator"])),
                name="token_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("user__isnull", False), ("role", "")),
                    models.Q(("user__isnull", True), models.Q(("role", ""), _negated=True)),
                    _connector="OR",
                ),
                name="token_person_or_role",
            ),
        ),
        migrations.AddIndex(
            model_name="storedanswer",
            index=models.Index(fields=["at"], name="stored_answer_by_age"),
        ),
        migrations.AddConstraint(
            model_name="storedanswer",
            constraint=models.UniqueConstraint(fields=("token", "key"), name="stored_answer_once"),
        ),
    ]
