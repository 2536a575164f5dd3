"""What is to be told to other systems, what came of every attempt, and who they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_clocks_and_routing"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.UUIDField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("webhook", "webhook"),
                            ("email", "email"),
                            ("slack", "slack"),
                            ("teams", "teams"),
                            ("desk", "desk"),
                        ],
                        max_length=10,
                    ),
                ),
                ("destination", models.CharField(max_length=320)),
                ("type", models.CharField(max_length=50)),
                ("payload", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("dead_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outbox",
                        to="records.decision",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="outbox", to="records.lead"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutboxAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("delivered", "delivered"),
                            ("failed", "failed"),
                            ("refused", "refused"),
                            ("gone", "gone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("status", models.PositiveIntegerField(null=True)),
                ("error", models.TextField(blank=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="records.outboxmessage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(max_length=2000)),
                ("types", models.JSONField(default=list)),
                ("secret", models.CharField(max_length=400)),
                ("previous_secret", models.CharField(blank=True, max_length=400)),
                ("previous_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("failing_since", models.DateTimeField(null=True)),
                ("disabled_at", models.DateTimeField(null=True)),
                (
                    "disabled_why",
                    models.CharField(
                        blank=True,
                        choices=[("by_hand", "by hand"), ("gone", "gone"), ("failing", "failing")],
                        max_length=10,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at", "id"], name="outbox_due"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["channel", "destination", "lead", "id"],
                name="outbox_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(condition=models.Q(("dead_at__isnull", False)), fields=["dead_at"], name="outbox_dead"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("delivered_at__isnull", False)), fields=["delivered_at"], name="outbox_done"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["channel", "destination", "-id"], name="outbox_log"),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["webhook", "email", "slack", "teams", "desk"])),
                name="outbox_channel_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dead_at__isnull", True), ("delivered_at__isnull", True), ("due_at__isnull", False)),
                    models.Q(("dead_at__isnull", True), ("delivered_at__isnull", False), ("due_at__isnull", True)),
                    models.Q(("dead_at__isnull", False), ("delivered_at__isnull", True), ("due_at__isnull", True)),
                    _connector="OR",
                ),
                name="outbox_in_one_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["delivered", "failed", "refused", "gone"])),
                name="outbox_attempt_result_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("disabled_why__in", ["", "by_hand", "gone", "failing"])),
                name="webhook_disabled_why_known",
            ),
        ),
    ]
