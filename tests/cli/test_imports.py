"""Files brought in from a shell: understood aloud, counted, told what was refused, undone."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from assay.domain.ladder import Rung
from assay.records.models import Import, Lead, Quarantine, Signal, Spend
from tests.cli.conftest import Assay
from tests.cli.files import LEADS, SIGNALS
from tests.people import a_lead, mara, sam

pytestmark = pytest.mark.django_db

Write = Callable[[str, str | bytes], Path]


def test_leads_and_signals_come_in_and_promote(assay: Assay, write: Write) -> None:
    done = assay("import", "leads", write("crm.csv", LEADS))
    number = Import.objects.get().pk
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("crm.csv (csv, utf-8, ',')\n\nlead_id           lead_id\n")
    assert "kept as they are  visitor_id\n" in done.out
    assert f"3 rows: 3 new.\nImport {number}; undo it with: assay import undo {number}\n" in done.out
    signals = write("clicks.csv", SIGNALS)
    assert (
        "4 rows: 4 new, 1 waiting for somebody who is no lead yet, 1 promoted.\n"
        in assay("import", "signals", signals).out
    )
    assert Lead.objects.get(external_id="L1").rung == Rung.MQL
    assert "4 rows: 4 known already.\n" in assay("import", "signals", signals).out
    assert Signal.objects.count() == 4


def test_files_score_alike_with_and_without_a_database(assay: Assay, write: Write) -> None:
    """One rule, two doors: the live fold over the log and the fold over the file give the same parts."""
    leads = write("leads.csv", LEADS.replace("v-nina", "").replace("visitor_id,", "x,"))
    signals = write("signals.csv", "".join(line for line in SIGNALS.splitlines(keepends=True) if "v-nina" not in line))
    alone = {lead["lead_id"]: lead for lead in assay("score", "--leads", leads, "--signals", signals, "--json").json}
    assay("import", "leads", leads)
    assay("import", "signals", signals)
    for own_id, expected in alone.items():
        stored = assay("score", own_id, "--json").json
        for axis_sum in ("fit", "intent", "coverage"):
            assert stored[axis_sum] == pytest.approx(expected[axis_sum], abs=1e-9)
        assert [part["sentence"] for part in stored["parts"]] == [part["sentence"] for part in expected["parts"]]
        for name in ("rung", "temperature", "grid", "mql", "pattern", "missing", "insufficient_data"):
            assert stored[name] == expected[name], (own_id, name)


def test_a_dry_run_counts_and_changes_nothing(assay: Assay, write: Write) -> None:
    a_lead(email="omar@oak.example")
    done = assay("import", "leads", write("crm.csv", LEADS), "--dry-run")
    assert "3 rows: 2 new, 1 known already.\nThis was a dry run" in done.out
    assert (Lead.objects.count(), Import.objects.count()) == (1, 0)
    told = assay("import", "leads", write("crm.csv", LEADS), "--dry-run", "--json").json
    assert (told["import"], told["dry_run"], told["counts"]["new"]) == (None, True, 2)


def test_programs_get_mapping_and_counts(assay: Assay, write: Write) -> None:
    leads = write("crm.csv", "Mail 1;Full Name;Shoe size\nann@acme.example;Ann;38\nno address;Bo;40\n")
    done = assay("import", "leads", leads, "--map", "email=Mail 1", "--source", "Fair", "--json")
    number = Import.objects.get().pk
    assert done.json == {
        "import": number,
        "dry_run": False,
        "kind": "leads",
        "file": "crm.csv",
        "format": {"kind": "csv", "encoding": "utf-8", "delimiter": ";"},
        "mapping": {"email": "Mail 1", "name": "Full Name"},
        "further": ["Shoe size"],
        "counts": {"rows": 2, "new": 1, "quarantined": 1},
    }
    assert Lead.objects.get().source.name == "Fair"


def test_rows_without_a_source_get_the_files_name(assay: Assay, write: Write) -> None:
    assay("import", "leads", write("crm.csv", "email\nann@acme.example\n"))
    assert Lead.objects.get().source.name == "Import: crm.csv"


def test_refused_rows_are_told_and_kept(assay: Assay, write: Write) -> None:
    rows = "email,captured_at\nann@acme.example,2026-10-01\nbo@birch.example,2030-01-01\n" + "x,\n" * 12
    done = assay("import", "leads", write("crm.csv", rows))
    number = Import.objects.get().pk
    assert done.code == 0
    lines = done.err.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("13 rows were left out of crm.csv:", "  and 3 more", 12)
    assert Quarantine.objects.count() == 13
    listed = assay("import", "errors", number, "--json").json
    assert {row["line"] for row in listed} == set(range(3, 16))
    assert listed[0] == {
        "line": 3,
        "code": "future",
        "sentence": "captured_at 2029-12-31 23:00 is in the future.",
        "raw": listed[0]["raw"],
    }
    shown = assay("import", "errors", number, "--limit", 2).out
    assert "captured_at 2029-12-31 23:00 is in the future." in shown
    assert "and 11 more; --limit 0 shows all" in shown


def test_an_import_without_refusals_says_so(assay: Assay, write: Write) -> None:
    assay("import", "leads", write("crm.csv", LEADS))
    number = Import.objects.get().pk
    assert assay("import", "errors", number).out == f"Import {number} had no refused rows.\n"


def test_imports_are_listed_and_undone(assay: Assay, write: Write) -> None:
    assert "Nothing was brought in yet" in assay("import", "list").out
    assay("import", "leads", write("crm.csv", LEADS), "--as", mara().email)
    number = Import.objects.get().pk
    [entry] = assay("import", "list", "--json").json
    assert (entry["import"], entry["kind"], entry["by"], entry["state"]) == (number, "leads", mara().email, "done")
    assert (
        f"Import {number} is undone: 3 leads and 0 signals gone, 0 blanks emptied again.\n"
        == assay("import", "undo", number).out
    )
    assert not Lead.objects.exists()
    assert assay("import", "list").out.splitlines()[-1].split()[-1] == "undone"
    again = assay("import", "undo", number)
    assert (again.code, f"Import {number} was undone" in again.err) == (1, True)


def test_undoing_keeps_what_people_worked_on(assay: Assay, write: Write) -> None:
    assay("import", "leads", write("crm.csv", LEADS))
    assay("promote", "L2", "--reason", "Met at the fair")
    done = assay("import", "undo", Import.objects.get().pk)
    assert done.out.endswith("1 lead stayed, because people have worked on them.\n")
    assert Lead.objects.get().external_id == "L2"


def test_sales_may_not_import(assay: Assay, write: Write) -> None:
    done = assay("import", "leads", write("crm.csv", LEADS), "--as", sam().email)
    assert (done.code, "Sam cannot import a file." in done.err) == (1, True)
    assert not Lead.objects.exists()


def test_a_lead_entered_by_hand(assay: Assay) -> None:
    words = ("capture", "--email", "ann@acme.example", "--name", "Ann Ames", "--source", "Fair")
    done = assay(*words, "--country", "Germany", "--employees", "1,200", "--set", "interest=audit")
    lead = Lead.objects.get()
    assert done.out == (
        f"Captured: Ann Ames · acme.example (lead {lead.pk}), cold lead.\n"
        "  Next: Give a reason to care before anything else.\n"
    )
    assert (lead.facts["company.country"], lead.facts["company.employees"]) == ("DE", 1200)
    assert lead.facts["lead.interest"] == "audit"
    again = assay(*words, "--title", "CEO", "--json").json
    assert (again["new"], again["title"], again["id"]) == (False, "CEO", lead.pk)
    assert assay(*words).out.startswith("Known already: Ann Ames")


def test_a_lead_known_only_by_phone(assay: Assay) -> None:
    done = assay("capture", "--phone", "+33 1 42 68 53 00", "--name", "Luc Noir", "--source", "Referral", "--json")
    assert (done.code, done.json["email"], done.json["name"]) == (0, None, "Luc Noir")


def test_a_file_of_which_every_row_is_refused_while_it_is_written(assay: Assay, write: Write) -> None:
    future = write("crm.csv", "email,captured_at\nann@acme.example,2030-01-01\n")
    dry = assay("import", "leads", future, "--dry-run")
    assert (dry.code, dry.err.splitlines()[-1], Import.objects.count()) == (2, "  Nothing was changed.", 0)
    done = assay("import", "leads", future)
    assert done.code == 2
    assert done.err.splitlines()[-1] == f"  They are kept: assay import errors {Import.objects.get().pk}"
    assert not Lead.objects.exists()


def test_costs_come_in_are_corrected_and_taken_back(assay: Assay, write: Write) -> None:
    spent = "Day,Campaign,Cost\n2026-10-05,Brand,1200.50\n2026-10-05,Brand,0.50\nsoon,Brand,5\n"
    done = assay("import", "costs", write("ads.csv", spent), "--source", "Google Ads", "--json").json
    assert done["counts"] == {"rows": 2, "new": 1, "quarantined": 1}
    assert Spend.objects.values_list("source__name", "amount", "currency").get() == (
        "Google Ads",
        Decimal("1201.00"),
        "EUR",
    )
    again = assay("import", "costs", write("b.csv", "from,cost,campaign,source\n2026-10-05,9,Brand,google ads\n"))
    assert "1 row: 1 corrected." in again.out
    assert "0 costs gone, 1 corrected back" in assay("import", "undo", done["import"] + 1).out
    assert "1 cost gone, 0 corrected back" in assay("import", "undo", done["import"]).out
    assert not Spend.objects.exists()
