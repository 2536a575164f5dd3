"""The doctor: what is sound, what is not, and what to do about it."""

from datetime import timedelta

import pytest
from django.db import connection

from assay.records import triggers
from assay.records.models import PolicyVersion
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead

pytestmark = pytest.mark.django_db


def test_a_sound_installation(assay: Assay) -> None:
    a_lead()
    checks = {check["what"]: check for check in assay("doctor", "--json").json["checks"]}
    assert [what for what, check in checks.items() if check["state"] == "fail"] == []
    assert set(checks) == {
        *("Python", "SQLite", "Clock", "Folder", "Disk", "Database", "Durability", "Tables", "Triggers", "Policy"),
        "Holds",
    }
    assert checks["Holds"]["found"] == "1 lead, 0 signals, 1 decision, 0 users"
    assert checks["Policy"]["found"] == f"{PolicyVersion.objects.get()}, since 2026-11-04 10:00"
    assert "ok" in assay("doctor").out


def test_missing_triggers_are_found(assay: Assay) -> None:
    with connection.cursor() as cursor:
        name, table, *_ = triggers.TRIGGERS[0]
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    done = assay("doctor")
    assert done.code == 1
    assert f"fail  Triggers    missing: {name}" in done.out
    assert done.err == "Not sound: Triggers.\n  Do what the list says, then ask again.\n"


def test_tables_of_a_newer_version_are_found(assay: Assay) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_later', '2026-11-04')"
        )
    done = assay("doctor", "--json")
    assert (done.code, done.error["error"]) == (1, "unsound")
    [tables] = [check for check in done.json["checks"] if check["what"] == "Tables"]
    assert (tables["state"], tables["found"]) == ("fail", "made by a newer version (9999_later)")


def test_little_room_is_found(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.cli.checks.ENOUGH_ROOM", 1 << 60)
    [disk] = [check for check in assay("doctor", "--json").json["checks"] if check["what"] == "Disk"]
    assert (disk["state"], disk["do"].startswith("Make room at ")) == ("warn", True)
    monkeypatch.setattr("assay.cli.checks.LEAST_ROOM", 1 << 60)
    assert "Not sound: Disk." in assay("doctor").err


def test_a_wrong_clock_is_found(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.cli.checks.EARLIEST", NOW + timedelta(days=1))
    assert "Set the machine's clock." in assay("doctor").out
