"""What the migration tells of the passes there are is what the moves would have noted on them."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from assay.actions import gate, work
from assay.actions.actors import actor
from assay.domain.ladder import Rung
from assay.records.models import Pass
from tests.people import NOW, a_lead, a_lead_on, an_mql, mara, observe, sam

pytestmark = pytest.mark.django_db

FILLED = (
    *("captured_at", "source_id", "campaign_id", "size", "country"),
    *("owner_id", "policy_id", "temperature", "left_at", "before"),
)
LATER = NOW + timedelta(days=40)


def notes() -> list[dict[str, object]]:
    return list(Pass.objects.order_by("lead", "number").values("lead", "number", *FILLED))


def test_passes_made_before_are_told_as_those_made_since() -> None:
    for rung in (Rung.WON, Rung.DISQUALIFIED, Rung.SQL):
        a_lead_on(rung, campaign="Autumn", employees=3, email=f"{rung}@{rung}.example")
    a_lead(employees="many", country="Atlantis", email="odd@odd.example")
    gate.reject(an_mql().pk, actor(sam()), NOW, reason="bad_data")
    lost = a_lead_on(Rung.LOST)
    work.recycle(lost.pk, actor(sam()), NOW + timedelta(days=1), reason="not_now")
    gate.reject(observe(lost, "demo_request", at=LATER).pk, actor(sam()), LATER, reason="bad_data")
    again = LATER + timedelta(days=60)
    gate.accept(observe(lost, "demo_request", at=again).pk, actor(sam()), again)
    work.reopen(a_lead_on(Rung.WON).pk, actor(mara()), LATER, text="A second firm")
    noted = notes()
    assert {row["before"] for row in noted} == {0, 5, 6}
    Pass.objects.update(
        captured_at=again, source=0, campaign=None, size="", country="", owner=None, policy=None,
        temperature="", left_at=None, before=0,
    )  # fmt: skip
    migration = import_module("assay.records.migrations.0009_funnel")
    for fill in (migration.from_leads, migration.from_companies, migration.from_the_ledger):
        fill(apps, connection.schema_editor())
    assert notes() == noted
