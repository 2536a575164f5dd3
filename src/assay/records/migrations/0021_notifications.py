"""What people were told, how each wants to hear of it, the chats that can be written to, and digests."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import assay.domain.quiet


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0020_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("service", models.CharField(choices=[("slack", "slack"), ("teams", "teams")], max_length=10)),
                ("url", models.CharField(max_length=4000)),
                ("kinds", models.JSONField(default=list)),
                ("language", models.CharField(blank=True, max_length=5)),
                ("created_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chat_address",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("service__in", ["slack", "teams"])), name="chat_address_service_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("said", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="digests", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="digest_once")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lead.assigned", "lead.assigned"),
                            ("lead.offered", "lead.offered"),
                            ("lead.waiting", "lead.waiting"),
                            ("clock.due_soon", "clock.due soon"),
                            ("clock.breached", "clock.breached"),
                            ("deal.close_date", "deal.close date"),
                            ("lead.unrouted", "lead.unrouted"),
                            ("lead.returned", "lead.returned"),
                            ("policy.key_wanted", "policy.key wanted"),
                        ],
                        max_length=30,
                    ),
                ),
                ("details", models.JSONField(default=dict)),
                ("elsewhere", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="records.lead",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notification_newest"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["user", "id"], name="notification_unread"
                    ),
                    models.Index(fields=["at"], name="notification_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "lead.assigned",
                                    "lead.offered",
                                    "lead.waiting",
                                    "clock.due_soon",
                                    "clock.breached",
                                    "deal.close_date",
                                    "lead.unrouted",
                                    "lead.returned",
                                    "policy.key_wanted",
                                ],
                            )
                        ),
                        name="notification_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ways", models.JSONField(default=dict)),
                (
                    "digest",
                    models.CharField(
                        choices=[("off", "off"), ("daily", "daily"), ("weekly", "weekly")],
                        default=assay.domain.quiet.Rhythm["DAILY"],
                        max_length=6,
                    ),
                ),
                ("digest_hour", models.PositiveSmallIntegerField(default=8)),
                ("digest_since", models.DateTimeField(null=True)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("quiet_days", models.JSONField(default=list)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__in", ["off", "daily", "weekly"])),
                        name="notification_preference_digest_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest_hour__lte", 23)), name="notification_preference_hour"
                    ),
                ],
            },
        ),
    ]
