"""Who wants the weekly report and who got it, and what the audit looks for among a million leads."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_spend"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="report_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("taken_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("reader", "week"), name="delivery_once"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=Q(("desk", "marketing"), ("move", "promote")), fields=["at"], name="decision_override"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=Q(("owner__isnull", False), ("rung__in", ["lead", "mql", "pql"])),
                fields=["owner"],
                name="lead_owned_early",
            ),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(fields=["at"], name="touch_by_time"),
        ),
        migrations.AddIndex(
            model_name="pass",
            index=models.Index(condition=Q(("mql_at__isnull", False)), fields=["mql_at", "lead"], name="pass_by_mql"),
        ),
        migrations.AddIndex(
            model_name="pass",
            index=models.Index(condition=Q(("sal_at__isnull", False)), fields=["sal_at", "lead"], name="pass_by_sal"),
        ),
        migrations.AddIndex(
            model_name="pass",
            index=models.Index(
                condition=Q(("first_touch_at__isnull", False)),
                fields=["first_touch_at", "lead"],
                name="pass_by_touch",
            ),
        ),
        migrations.AddIndex(
            model_name="pass",
            index=models.Index(
                condition=Q(first_touch_at__isnull=False)
                & (Q(sal_at__isnull=True) | Q(sal_at__gt=F("first_touch_at"))),
                fields=["lead"],
                name="pass_touched_early",
            ),
        ),
    ]
