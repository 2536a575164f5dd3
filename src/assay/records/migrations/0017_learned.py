"""What outcomes taught, version by version, and the predicted win of each open lead."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0016_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="LearnedModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trained_at", models.DateTimeField()),
                ("outcomes", models.PositiveIntegerField()),
                ("won", models.PositiveIntegerField()),
                (
                    "says",
                    models.CharField(
                        choices=[("too few", "too few"), ("no signal", "no signal"), ("tells", "tells")], max_length=10
                    ),
                ),
                ("report", models.JSONField()),
                ("parameters", models.JSONField(null=True)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.policyversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Prediction",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="prediction",
                        serialize=False,
                        to="records.lead",
                    ),
                ),
                ("pass_no", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("chance", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("reasons", models.JSONField(default=list)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predictions",
                        to="records.learnedmodel",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="learnedmodel",
            constraint=models.CheckConstraint(
                condition=models.Q(("says__in", ["too few", "no signal", "tells"])), name="learnedmodel_says_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="learnedmodel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parameters__isnull", False), ("says", "tells")),
                    models.Q(models.Q(("says", "tells"), _negated=True), ("parameters__isnull", True)),
                    _connector="OR",
                ),
                name="learnedmodel_predicts_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("high__gte", models.F("chance")),
                    ("high__lte", 1),
                    ("low__gte", 0),
                    ("low__lte", models.F("chance")),
                ),
                name="prediction_is_a_chance",
            ),
        ),
    ]
