"""What sources and campaigns cost, by time, in place of one sum a campaign; sources that visits tell themselves."""

import tomllib
from datetime import date

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, Min
from django.utils import timezone

KINDS = ["leads", "signals", "costs"]


def spread(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each campaign's sum the days on which it brought somebody; without any it is today's."""
    records = {name: apps.get_model("records", name) for name in ("Campaign", "Spend", "VisitCount", "Lead")}
    usual = _currency(apps)
    for campaign in records["Campaign"].objects.filter(cost__gt=0):
        visits = records["VisitCount"].objects.filter(campaign=campaign).aggregate(first=Min("day"), last=Max("day"))
        leads = records["Lead"].objects.filter(campaign=campaign)
        captured = leads.aggregate(first=Min("captured_at"), last=Max("captured_at"))
        days = [visits["first"], visits["last"], *(moment and moment.date() for moment in captured.values())]
        known = [day for day in days if isinstance(day, date)] or [timezone.now().date()]
        records["Spend"].objects.create(
            source_id=campaign.source_id,
            campaign=campaign,
            first=min(known),
            last=max(known),
            amount=campaign.cost,
            currency=campaign.currency or usual,
        )
    if schema_editor.connection.vendor == "postgresql":
        # What was written is checked now: a table with checks to come cannot be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _currency(apps: Apps) -> str:
    """The currency of the policy in force."""
    published = apps.get_model("records", "PolicyVersion").objects.filter(published_at__isnull=False)
    newest = published.order_by("-published_at", "-pk").first()
    return str(tomllib.loads(newest.text)["currency"]) if newest else "EUR"


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_funnel"),
    ]

    operations = [
        migrations.AddField(
            model_name="form",
            name="source_of_visit",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="writekey",
            name="source_of_visit",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Spend",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spend",
                        to="records.campaign",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spend",
                        to="records.import",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spend", to="records.source"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["last"], name="spend_by_last_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "campaign", "currency", "first"), name="spend_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("campaign__isnull", True)),
                        fields=("source", "currency", "first"),
                        name="spend_once_without_campaign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 0),
                            ("first__lte", models.F("last")),
                            models.Q(("currency", ""), _negated=True),
                        ),
                        name="spend_makes_sense",
                    ),
                ],
            },
        ),
        migrations.RunPython(spread, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="campaign", name="campaign_cost_not_negative"),
        migrations.RemoveField(model_name="campaign", name="cost"),
        migrations.RemoveField(model_name="campaign", name="currency"),
        *(
            operation
            for model in ("import", "upload")
            for operation in (
                migrations.RemoveConstraint(model_name=model, name=f"{model}_kind_known"),
                migrations.AlterField(
                    model_name=model,
                    name="kind",
                    field=models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=10),
                ),
                migrations.AddConstraint(
                    model_name=model,
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", KINDS)), name=f"{model}_kind_known"
                    ),
                ),
            )
        ),
    ]
