"""What is on record about somebody, and erasing it, from a shell."""

import json
import stat
from collections import Counter
from pathlib import Path

import pytest

from assay.actions.landing import Landing, land
from assay.actions.receive import Tally, receive
from assay.records.models import Erasure, Landed, Lead, Signal
from tests.actions.arrivals import arrived
from tests.cli.conftest import Assay
from tests.people import NOW, a_lead, ada, mara, observe

pytestmark = pytest.mark.django_db

EMAIL = "nina@north.example"


def test_everything_about_somebody_is_written_as_json(assay: Assay, tmp_path: Path) -> None:
    lead = observe(a_lead(email=EMAIL), "page_view")
    shown = assay("person", "export", lead.pk).json
    assert shown["Person"][0]["email"] == EMAIL
    assert shown["Lead"][0]["source"] == "Website"
    assert shown["Signal"][0]["kind"] == "page_view"
    file = tmp_path / "nina.json"
    assert f"to {file}." in assay("person", "export", "Nina@North.example", "--to", file).out
    assert json.loads(file.read_text()) == shown
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = assay("person", "export", EMAIL, "--to", file)
    assert again.code == 2
    counts = assay("person", "export", EMAIL, "--to", tmp_path / "2.json", "--json").json["rows"]
    assert counts["Person"] == 1


def test_erasing_asks_for_the_name_once_more(assay: Assay) -> None:
    lead = a_lead(email=EMAIL)
    asked = assay("person", "erase", EMAIL)
    assert (asked.code, "--confirm nina@north.example" in asked.err) == (1, True)
    assert not Erasure.objects.exists()
    done = assay("person", "erase", EMAIL, "--confirm", EMAIL, "--as", ada().email)
    assert done.out.startswith(f"Erased, as number {Erasure.objects.get().pk}: ")
    assert str(Lead.objects.get(pk=lead.pk).person) == f"Person {lead.person_id}"
    gone = assay("person", "export", EMAIL)
    assert (gone.code, "Nothing is on record of nina@north.example" in gone.err) == (2, True)


def test_a_reason_is_one_of_the_list(assay: Assay) -> None:
    a_lead(email=EMAIL)
    wrong = assay("person", "erase", EMAIL, "--confirm", EMAIL, "--why", "Nina phoned")
    assert (wrong.code, "Use one of asked, withdrew" in wrong.err) == (2, True)
    told = assay("person", "erase", EMAIL, "--confirm", EMAIL, "--why", "withdrew", "--json").json
    assert (told["why"], told["rows"]["Person"]) == ("withdrew", 1)


def test_a_browser_is_named_by_its_id(assay: Assay) -> None:
    receive([arrived("page_view", visitor="b1")], [], Counter(), NOW)
    assert set(assay("person", "export", "visitor:b1").json) == {"Identity", "PendingSignal", "Signal"}
    assert assay("person", "erase", "visitor:b1", "--confirm", "visitor:b1").code == 0
    assert assay("person", "export", "visitor:b1").code == 2


def test_what_came_in_a_moment_ago_is_handed_out_and_erased_too(assay: Assay) -> None:
    land(Landing([arrived("page_view", visitor="b1")]), Tally(), NOW)
    assert set(assay("person", "export", "visitor:b1").json) == {"Identity", "PendingSignal", "Signal"}
    land(Landing([arrived("page_view", visitor="b2")]), Tally(), NOW)
    assert assay("person", "erase", "visitor:b2", "--confirm", "visitor:b2").code == 0
    assert (Landed.objects.count(), Signal.objects.filter(identity__value="b2").count()) == (0, 0)


def test_who_agreed_anew_comes_in_again(assay: Assay) -> None:
    a_lead(email=EMAIL)
    assay("person", "erase", EMAIL, "--confirm", EMAIL)
    refused = assay("capture", "--email", EMAIL, "--name", "Nina", "--source", "Form")
    assert refused.code != 0
    assert "assay person admit EMAIL" in refused.err
    assert EMAIL in assay("person", "admit", EMAIL).out
    assert assay("capture", "--email", EMAIL, "--name", "Nina", "--source", "Form").code == 0
    assert assay("person", "admit", EMAIL, "--json").code == 2


def test_only_an_admin_may(assay: Assay) -> None:
    a_lead(email=EMAIL)
    by = ("--as", mara().email)
    for command in (("export", EMAIL), ("erase", EMAIL, "--confirm", EMAIL), ("admit", EMAIL)):
        refused = assay("person", *command, *by)
        assert (refused.code, "That is for an admin." in refused.err) == (1, True)
