"""Decisions that programs draft, for a person to confirm."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_crm"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pass_no", models.PositiveIntegerField()),
                ("rung", models.CharField(max_length=12)),
                ("move", models.CharField(max_length=20)),
                ("said", models.JSONField(default=dict)),
                ("why", models.TextField()),
                ("by_name", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("confirmed", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="records.lead"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["lead", "id"],
                        name="draft_open_of_lead",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "move__in",
                                [
                                    "capture",
                                    "promote",
                                    "promote_product",
                                    "accept",
                                    "qualify",
                                    "reject",
                                    "open_deal",
                                    "win",
                                    "lose",
                                    "disqualify",
                                    "recycle",
                                    "reopen",
                                    "withdraw",
                                ],
                            )
                        ),
                        name="draft_move_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed", False), ("closed_at__isnull", False), _connector="OR"),
                        name="draft_confirmed_is_closed",
                    ),
                ],
            },
        ),
    ]
