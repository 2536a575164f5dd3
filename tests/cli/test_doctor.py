"""The doctor: what is sound, what is not, and what to do about it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pydantic import SecretStr

from assay.actions.alive import beat
from assay.records import triggers
from assay.records.backup import remember
from assay.records.models import (
    CrmCursor,
    OutboxMessage,
    PendingSignal,
    PolicyVersion,
    Signal,
    WebhookEndpoint,
)
from assay.settings import current
from tests.cli.conftest import Assay
from tests.hooks import an_endpoint
from tests.people import NOW, a_lead, an_mql, observe
from tests.postbox import Postbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_mail_server")]


def test_a_sound_installation(assay: Assay) -> None:
    a_lead()
    checks = {check["what"]: check for check in assay("doctor", "--json").json["checks"]}
    assert [what for what, check in checks.items() if check["state"] == "fail"] == []
    assert set(checks) == {
        *("Python", "SQLite", "Clock", "Folder", "Disk", "Database", "Durability", "Tables", "Triggers", "Policy"),
        *("Holds", "Locale", "Web pages", "Mail", "Worker", "Outbox", "Backup", "Lake", "CRM"),
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


def check(assay: Assay, what: str) -> tuple[str, str, str]:
    [found] = [check for check in assay("doctor", "--json").json["checks"] if check["what"] == what]
    return found["state"], found["found"], found["do"]


def test_whether_others_are_told(assay: Assay) -> None:
    assert check(assay, "Outbox") == ("ok", "0 messages waiting, 0 given up", "")
    an_endpoint("lead.promoted")
    an_mql()
    an_mql()
    assert check(assay, "Outbox")[:2] == ("ok", "2 messages waiting, 0 given up")
    OutboxMessage.objects.filter(pk=OutboxMessage.objects.earliest("pk").pk).update(due_at=None, dead_at=NOW)
    assert check(assay, "Outbox")[:2] == ("warn", "1 message waiting, 1 given up")
    WebhookEndpoint.objects.update(disabled_at=NOW, disabled_why="failing")
    assert check(assay, "Outbox")[1].startswith("1 webhook off")


def test_whether_anything_works_beside_the_pages(assay: Assay) -> None:
    assert check(assay, "Worker") == (
        "warn",
        "has not run lately; nothing waits",
        "Start `assay serve` or `assay work`.",
    )
    beat(NOW - timedelta(minutes=1))
    assert check(assay, "Worker") == ("ok", "alive 1 min ago; nothing waits", "")
    beat(NOW - timedelta(minutes=3))
    assert check(assay, "Worker")[:2] == ("warn", "no sign of life for 3 min; nothing waits")
    beat(NOW)
    observe(a_lead(), "page_view", at=NOW - timedelta(hours=1))
    signal = Signal.objects.get()
    PendingSignal.objects.create(signal=signal, at=signal.at)
    late = ("warn", "1 signal waiting, the oldest for 1 h", "Start another `assay work`.")
    assert check(assay, "Worker") == late


def test_how_old_the_last_backup_is(assay: Assay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("assay.records.backup.LAST", "another-backup.json")
    assert check(assay, "Backup")[0] == "ok"  # there is nothing to be lost yet
    a_lead()
    assert check(assay, "Backup") == ("warn", "none made by `assay backup` yet", "assay backup FOLDER")
    remember(tmp_path / "all.zip", NOW - timedelta(hours=5))
    assert check(assay, "Backup") == ("ok", f"{tmp_path / 'all.zip'}, 5 h ago", "")
    remember(tmp_path / "all.zip", NOW - timedelta(days=3))
    assert check(assay, "Backup")[:2] == ("warn", f"{tmp_path / 'all.zip'}, 3 days ago")


def test_a_mail_server_that_does_not_answer_is_found(
    assay: Assay, monkeypatch: pytest.MonkeyPatch, postbox: Postbox, settings: Any
) -> None:
    said = current.model_copy(update={"mail": SecretStr("smtp://somewhere.example:25")})
    monkeypatch.setattr("assay.cli.checks_running.current", said)
    assert check(assay, "Mail") == ("ok", "the server answers; sender assay@localhost", "")
    assert check(assay, "Web pages")[1:] == ("mails carry no links", "Set ASSAY_ADDRESS.")
    settings.EMAIL_PORT = 1
    assert check(assay, "Mail")[0] == "fail"
    assert "Not sound: Mail." in assay("doctor").err


def test_a_crm_that_was_not_synced_for_long_is_found(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.cli.checks_running.configured", lambda: ["hubspot"])
    assert check(assay, "CRM") == ("warn", "synced: hubspot never", "assay sync hubspot --once")
    CrmCursor.objects.create(crm="hubspot", synced_at=NOW - timedelta(minutes=30))
    assert check(assay, "CRM") == ("ok", "synced: hubspot 30 min ago", "")
    CrmCursor.objects.update(synced_at=NOW - timedelta(minutes=41))
    assert check(assay, "CRM")[0] == "warn"
