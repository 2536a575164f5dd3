"""Steps taken as clocks run out; who takes which leads, who is away, and what was offered to whom."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0013_results"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_move_known",
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
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
                            "assign",
                        ],
                    )
                ),
                name="decision_move_known",
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pass_no", models.PositiveIntegerField()),
                (
                    "clock",
                    models.CharField(
                        choices=[
                            ("gate", "gate"),
                            ("first_response", "first response"),
                            ("follow_up", "follow up"),
                            ("close_date", "close date"),
                        ],
                        max_length=14,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "step",
                    models.CharField(
                        choices=[("remind", "remind"), ("tell", "tell"), ("offer", "offer")], max_length=6
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pass_no", models.PositiveIntegerField()),
                ("why", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[("taken", "taken"), ("passed", "passed"), ("expired", "expired"), ("moot", "moot")],
                        max_length=7,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoutingMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weight", models.PositiveIntegerField(default=1)),
                ("credit", models.IntegerField(default=0)),
                ("taken", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200, unique=True)),
                ("countries", models.JSONField(default=list)),
                ("sizes", models.JSONField(default=list)),
                ("industries", models.JSONField(default=list)),
                ("sources", models.JSONField(default=list)),
                ("accounts", models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name="user",
            name="capacity",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="absence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="absences", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="lead",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="escalations", to="records.lead"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="lead",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="records.lead"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="routingmember",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="routed_by", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="routingmember",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="records.routingrule"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lte", models.F("last"))), name="absence_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("lead", "pass_no", "clock", "started_at", "step"), name="escalation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("clock__in", ["gate", "first_response", "follow_up", "close_date"])),
                name="escalation_clock_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["remind", "tell", "offer"])), name="escalation_step_known"
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(condition=models.Q(("ended", "")), fields=["until"], name="offer_open"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended", "")), fields=("lead",), name="offer_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended__in", ["", "taken", "passed", "expired", "moot"])), name="offer_ended_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingmember",
            constraint=models.UniqueConstraint(fields=("rule", "user"), name="routing_member_once"),
        ),
        migrations.AddConstraint(
            model_name="routingmember",
            constraint=models.CheckConstraint(condition=models.Q(("weight__gte", 1)), name="routing_member_weighs"),
        ),
    ]
