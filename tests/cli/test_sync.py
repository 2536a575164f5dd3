"""`assay sync` and the job that does the same by itself."""

import logging

import pytest
import stamina
from pydantic import SecretStr

from assay.intake.crm import connect
from assay.records.models import CrmCursor, Lead
from assay.settings import Settings, SettingsError, current
from assay.work.crm import sync_once
from tests.cli.conftest import Assay
from tests.intake.crm.servers import HubSpotHandler, speaking
from tests.people import NOW

pytestmark = pytest.mark.django_db


def test_a_round_from_the_shell_and_by_itself(
    assay: Assay, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with speaking(HubSpotHandler) as theirs, stamina.set_testing(True, attempts=1):
        said = current.model_copy(update={"hubspot_token": SecretStr("first"), "hubspot_url": theirs.url})
        theirs.known_fields = set(said.hubspot_fields.values())
        theirs.put("1", NOW, email="ann@east.example", lifecyclestage="lead")
        theirs.put("2", NOW, email="no address", lifecyclestage="lead")
        monkeypatch.setattr("assay.cli.sync.connect", lambda name: connect.connect(name, said))

        tried = assay("sync", "hubspot", "--dry-run")
        assert tried.out.startswith("Would be: 1 new, 0 known, 0 corrected, 0 promoted; 0 records of HubSpot told")
        done = assay("sync", "hubspot", "--once", "--json")
        assert (done.code, done.json["new"], done.json["told"]) == (0, 1, 1)
        assert [row["code"] for row in done.json["refused"]] == ["bad_email"]
        again = assay("sync", "hubspot", "--once")
        assert again.out.startswith("0 new, 1 known, 0 corrected, 0 promoted; 0 records of HubSpot told")
        assert "1 record not taken in:\n  Record 2 of HubSpot: " in again.err
        assert Lead.objects.get().external_id == "hubspot:1"

        sync_once("hubspot", lambda name: connect.connect(name, said))
        assert "hubspot: 0 new, 1 known, 0 corrected, 1 refused; told 0, 0 refused" in caplog.text
        theirs.faults = [(500, {})]
        sync_once("hubspot", lambda name: connect.connect(name, said))
        assert "hubspot was not synced: HubSpot answers 500" in caplog.text
        assert CrmCursor.objects.get().busy_until is None
        assert "ann@east.example" not in caplog.text


def test_what_is_not_set_up_is_said(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    assert assay("sync", "hubspot", "--json").error["error"] == "not_set"
    assert connect.configured(current) == []
    half = current.model_copy(update={"salesforce_url": "https://firm.my.salesforce.com"})
    assert connect.configured(half) == ["salesforce"]
    with pytest.raises(Exception, match="needs ASSAY_SALESFORCE_CLIENT_ID"):
        connect.connect("salesforce", half)

    def without_library(_: Settings) -> None:
        raise ImportError("no", name="hubspot")

    monkeypatch.setattr(connect, "CONNECT", {"hubspot": without_library})
    whole = current.model_copy(update={"hubspot_token": SecretStr("first")})
    with pytest.raises(Exception, match=r"pip install 'assay\[hubspot\]'"):
        connect.connect("hubspot", whole)


def test_what_fields_are_called_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_HUBSPOT_FIELDS", "rung=stufe, fit=passung")
    monkeypatch.setenv("ASSAY_HUBSPOT_STAGES", "*")
    said = Settings.read()
    assert (said.hubspot_fields, said.hubspot_stages) == ({"rung": "stufe", "fit": "passung"}, ())
    monkeypatch.setenv("ASSAY_HUBSPOT_FIELDS", "rung=stufe,owner=besitzer")
    with pytest.raises(SettingsError, match="'owner' is none of rung, fit"):
        Settings.read()
