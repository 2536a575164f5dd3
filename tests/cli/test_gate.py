"""The gate from a shell: who is meant, what is told, and what a refusal leaves as it was."""

import pytest

from assay.domain.ladder import Rung
from assay.records.models import Decision, Lead
from tests.cli.conftest import Assay
from tests.people import a_lead, accept_apart_from_qualify, an_mql, an_sql, mara, max_, sam, sia

pytestmark = pytest.mark.django_db


def rung_of(lead: Lead) -> str:
    return Lead.objects.values_list("rung", flat=True).get(pk=lead.pk)


def test_the_inbox_shows_what_waits_and_why(assay: Assay) -> None:
    lead = an_mql(campaign="Autumn")
    done = assay("inbox", "--now", "2026-11-04T13:00+01:00")
    assert (done.code, done.err) == (0, "")
    assert "1 lead waits for a decision" in done.out
    [head] = [line for line in done.out.splitlines() if "Nina North" in line]
    assert head.split() == [
        *(str(lead.pk), "Nina", "North,", "Head", "of", "Operations", "·", "North"),
        *("hot", "MQL", "A2", "100.0", "40.0", "3", "h"),
    ]
    assert "\n      Asked for a demo once" in done.out
    assert "      Last: Asked for a demo, 3 h ago · Source: Website / Autumn\n" in done.out


def test_the_inbox_for_programs(assay: Assay) -> None:
    first, second = an_mql(), an_mql(title="Analyst")
    a_lead()
    entries = assay("inbox", "--json").json
    assert [entry["id"] for entry in entries] == [first.pk, second.pk]
    assert entries[0]["label"] == "hot MQL"
    assert entries[0]["waiting_seconds"] == 0
    assert entries[0]["last_signal"] == {
        "kind": "demo_request",
        "label": "Asked for a demo",
        "at": "2026-11-04T09:00:00Z",
    }
    assert len(assay("inbox", "--json", "--limit", 1).json) == 1


def test_an_empty_inbox_says_what_to_do(assay: Assay) -> None:
    assert assay("inbox").out.startswith("Nothing waits for a decision.\n")
    assert assay("inbox", "--json").json == []


def test_a_lead_that_cooled_at_the_gate_is_marked(assay: Assay) -> None:
    lead = an_mql()
    Lead.objects.filter(pk=lead.pk).update(mql=False)
    assert "cooling: no longer over the threshold" in assay("inbox").out


def test_whoever_holds_the_shell_accepts_and_hears_what_to_do_next(assay: Assay) -> None:
    lead = an_mql()
    done = assay("accept", lead.pk)
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first == f"Accepted: Nina North · North (lead {lead.pk}), now hot SQL, owner Operator."
    assert second == "  Next: Call now: make contact."
    assert rung_of(lead) == Rung.SQL


@pytest.mark.parametrize("by_variable", [False, True])
def test_somebody_else_can_be_named(by_variable: bool, assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, rep = an_mql(), sam()
    if by_variable:
        monkeypatch.setattr("assay.cli.acting.current", type("Settings", (), {"user": rep.email}))
    words = [] if by_variable else ["--as", "SAM@assay.example"]
    [told] = assay("accept", lead.person.email.upper(), *words, "--json").json
    assert (told["move"], told["to"], told["by"], told["lead"]["id"]) == ("qualify", "sql", "Sam", lead.pk)
    assert Lead.objects.get(pk=lead.pk).owner == rep


def test_a_manager_gives_the_lead_to_somebody(assay: Assay) -> None:
    lead = an_mql()
    assert assay("accept", lead.pk, "--as", max_().email, "--owner", sia().email).code == 0
    assert Lead.objects.get(pk=lead.pk).owner == sia()


def test_a_lead_is_named_by_number_address_or_own_id(assay: Assay) -> None:
    lead = a_lead(email="nina+crm@north.example", lead_id="CRM-7")
    for name in (lead.pk, f"no:{lead.pk}", "NINA@north.example", "Nina <nina@north.example>", "CRM-7", "id:CRM-7"):
        assert assay("lead", name, "--json").json["id"] == lead.pk


def test_a_number_that_is_also_somebodys_own_id_is_asked_about(assay: Assay) -> None:
    first = a_lead()
    second = a_lead(lead_id=str(first.pk))
    done = assay("accept", first.pk)
    assert done.code == 2
    assert f"lead {first.pk} (Nina North) and of lead {second.pk}" in done.err
    assert assay("lead", f"id:{first.pk}", "--json").json["id"] == second.pk
    assert assay("lead", f"no:{first.pk}", "--json").json["id"] == first.pk


def test_marketing_cannot_accept(assay: Assay) -> None:
    lead = an_mql()
    done = assay("accept", lead.pk, "--as", mara().email)
    assert (done.code, done.out) == (1, "")
    assert done.err == "accept from rung mql is decided by sales.\n"
    assert rung_of(lead) == Rung.MQL


def test_who_was_first_is_told(assay: Assay) -> None:
    lead = an_sql()
    done = assay("reject", lead.pk, "--reason", "duplicate", "--as", sia().email, "--json")
    assert (done.code, done.error["error"]) == (1, "already_decided")
    assert "was already decided by Sam at 2026-11-04 09:00 UTC" in done.error["message"]


def test_several_leads_move_each_on_its_own(assay: Assay) -> None:
    first, second, raw = an_mql(), an_mql(), a_lead()
    done = assay("reject", first.pk, raw.pk, second.pk, "--reason", "too_early")
    assert done.code == 1
    assert done.out.count("Returned: ") == 2
    assert done.err.splitlines()[0] == "1 of 3 leads were not moved:"
    assert f"  lead {raw.pk}: A lead on rung lead cannot reject." in done.err
    assert (rung_of(first), rung_of(raw), rung_of(second)) == (Rung.LEAD, Rung.LEAD, Rung.LEAD)
    assert Decision.objects.filter(move="reject").count() == 2


def test_programs_hear_of_each_lead_that_failed(assay: Assay) -> None:
    first, raw = an_mql(), a_lead()
    done = assay("accept", first.pk, raw.pk, "--json")
    assert [entry["lead"]["id"] for entry in done.json] == [first.pk]
    assert done.error["error"] == "some_failed"
    assert [(entry["lead"], entry["error"]) for entry in done.error["failed"]] == [(raw.pk, "wrong_rung")]


def test_with_one_unknown_lead_none_is_moved(assay: Assay) -> None:
    lead = an_mql()
    assert assay("accept", lead.pk, "999").code == 2
    assert rung_of(lead) == Rung.MQL


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "choose of: wrong_market, wrong_person, bad_data, too_early, duplicate, other."),
        (["--reason", "mood"], '"mood" is not one; choose of: wrong_market'),
        (["--reason", "other"], 'The reason "other" needs a text that says what.'),
    ],
)
def test_a_rejection_lists_the_reasons_it_takes(words: list[str], said: str, assay: Assay) -> None:
    lead = an_mql()
    done = assay("reject", lead.pk, *words)
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert assay("reject", lead.pk, "--reason", "other", "--text", "Merged with a customer").code == 0


def test_qualify_where_it_is_an_act_of_its_own(assay: Assay) -> None:
    accept_apart_from_qualify()
    lead = an_mql()
    assert ", now hot SAL, owner Sam." in assay("accept", lead.pk, "--as", sam().email).out
    assert "each with a note" in assay("qualify", lead.pk, "--as", sam().email).err
    notes = ("--fit-note", "120 people", "--intent-note", "wants an offer")
    assert ", now hot SQL" in assay("qualify", lead.pk, *notes, "--as", sam().email).out


def test_marketing_promotes_and_withdraws_with_a_reason(assay: Assay) -> None:
    lead, by = a_lead(), ("--as", mara().email)
    assert "A reason is needed: say why." in assay("promote", lead.pk, *by).err
    assert ", now cold MQL." in assay("promote", lead.pk, "--reason", "Asked at the fair", *by).out
    assert ", now cold lead." in assay("withdraw", lead.pk, "--reason", "Same as another", *by).out
    assert list(Decision.objects.order_by("pk").values_list("text", flat=True))[-2:] == [
        "Asked at the fair",
        "Same as another",
    ]
