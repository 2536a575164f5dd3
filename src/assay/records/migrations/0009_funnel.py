"""What the funnel tells passes apart by stands on the pass itself; the ledger says it of those there are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, OuterRef, Subquery

from assay.domain.segments import segment_of

STEP = 5_000
FROM_LEAD = ("captured_at", "source_id", "campaign_id")
TAKEN = ("lead_at", "mql_at", "sal_at", "sql_at", "opportunity_at", "won_at")
FELL_OUT = ("reject", "withdraw", "disqualify", "lose")
TOLD = (*FELL_OUT, "promote", "promote_product", "accept")
COMPANY = {"company.employees": "company__employees", "company.country": "company__country"}


def from_leads(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Capture, source and campaign are the lead's; the owner is that of the pass it is on."""
    passes, leads = apps.get_model("records", "Pass"), apps.get_model("records", "Lead")
    lead = leads.objects.filter(pk=OuterRef("lead"))
    passes.objects.update(**{name: Subquery(lead.values(name)[:1]) for name in FROM_LEAD})
    passes.objects.filter(number=F("lead__pass_no")).update(owner_id=Subquery(lead.values("owner_id")[:1]))


def from_companies(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Size and country, of the lead's own facts first."""
    passes, leads = apps.get_model("records", "Pass"), apps.get_model("records", "Lead")
    rows = leads.objects.order_by("pk").values_list("pk", "facts", *COMPANY.values())
    last = 0
    while some := list(rows.filter(pk__gt=last)[:STEP]):
        last = some[-1][0]
        told = {pk: segment_of({**dict(zip(COMPANY, company, strict=True)), **facts}) for pk, facts, *company in some}
        changed = list(passes.objects.filter(lead__in=[pk for pk, segment in told.items() if any(segment)]))
        for row in changed:
            row.size, row.country = told[row.lead_id]
        passes.objects.bulk_update(changed, ["size", "country"], batch_size=500)


def from_the_ledger(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Who took it over, under which rule and how warm it was first promoted, and when it fell out."""
    leads = apps.get_model("records", "Lead")
    ids = leads.objects.filter(decisions__move__in=TOLD).order_by("pk").distinct().values_list("pk", flat=True)
    last = 0
    while some := list(ids.filter(pk__gt=last)[:STEP]):
        last = some[-1]
        _tell(apps, some)


def _tell(apps: StateApps, lead_ids: list[int]) -> None:
    passes, decisions = apps.get_model("records", "Pass"), apps.get_model("records", "Decision")
    by_pass = {(row.lead_id, row.number): row for row in passes.objects.filter(lead__in=lead_ids)}
    made = decisions.objects.filter(lead__in=lead_ids, move__in=TOLD).order_by("pk")
    for decision in made.only("lead", "pass_no", "move", "at", "policy", "score", "details").iterator():
        row = by_pass[decision.lead_id, decision.pass_no]
        row.left_at = decision.at if decision.move in FELL_OUT else None
        if decision.move == "accept":
            row.owner_id = row.owner_id or int(decision.details.get("owner") or 0) or None
        elif decision.move.startswith("promote") and row.policy_id is None:
            row.policy_id = decision.policy_id
            row.temperature = (decision.score or {}).get("temperature", "")
    for (lead_id, number), row in sorted(by_pass.items(), key=lambda item: item[0]):
        if after := by_pass.get((lead_id, number + 1)):
            if row.won_at is None and row.left_at is None:
                row.left_at = after.lead_at
            after.before = max(row.before, sum(getattr(row, step) is not None for step in TAKEN))
    fields = ["left_at", "owner", "policy", "temperature", "before"]
    passes.objects.bulk_update(by_pass.values(), fields, batch_size=500)


def settle(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL alters no table of which it has references yet to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("records", "0008_privacy")]

    operations = [
        migrations.AddField("pass", "captured_at", models.DateTimeField(null=True)),
        migrations.AddField("pass", "left_at", models.DateTimeField(null=True)),
        migrations.AddField("pass", "before", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "pass",
            "source",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="records.source",
            ),
        ),
        migrations.AddField(
            "pass",
            "campaign",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="records.campaign",
            ),
        ),
        migrations.AddField("pass", "size", models.CharField(blank=True, default="", max_length=7), False),
        migrations.AddField("pass", "country", models.CharField(blank=True, default="", max_length=2), False),
        migrations.AddField(
            "pass",
            "owner",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="passes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "pass",
            "policy",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.policyversion",
            ),
        ),
        migrations.AddField(
            "pass",
            "temperature",
            models.CharField(
                blank=True, choices=[("hot", "hot"), ("warm", "warm"), ("cold", "cold")], default="", max_length=4
            ),
            False,
        ),
        migrations.RunPython(from_leads, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(from_companies, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(from_the_ledger, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.AlterField("pass", "captured_at", models.DateTimeField()),
        migrations.AlterField(
            "pass",
            "source",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="records.source",
            ),
        ),
        migrations.AddIndex("pass", models.Index(fields=["captured_at", "before", *TAKEN], name="pass_by_capture")),
    ]
