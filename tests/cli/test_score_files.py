"""`assay score --leads` works on files alone: the sorted list with reasons, for people, programs and files."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assay.policies import shipped
from tests.cli.conftest import Assay
from tests.cli.files import LEADS, SIGNALS

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def leads(write: Write) -> Path:
    return write("leads.csv", LEADS)


@pytest.fixture
def signals(write: Write) -> Path:
    return write("signals.csv", SIGNALS)


def test_people_see_the_list_best_first_with_reasons(assay: Assay, leads: Path, signals: Path) -> None:
    done = assay("score", "--leads", leads, "--signals", signals)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("3 leads by B2B services, as of 2026-11-04 10:00\n")
    nina, omar, pia = (done.out.index(name) for name in ("Nina North", "Omar Oak", "Pia Pine"))
    assert nina < omar < pia
    assert "Nina North, Head of Operations · North  hot MQL    A2" in done.out
    assert "Asked for a demo once" in done.out
    assert "Too little is known: ask for employees, title, industry, budget, country" in done.out


def test_programs_get_one_object_a_lead(assay: Assay, leads: Path, signals: Path) -> None:
    done = assay("score", "--leads", leads, "--signals", signals, "--json")
    nina, omar, pia = done.json
    assert set(nina) == {
        *("lead_id", "email", "name", "company", "fit", "coverage", "intent", "pattern", "temperature"),
        *("rung", "grid", "mql", "insufficient_data", "missing", "parts"),
    }
    assert (nina["lead_id"], nina["email"], nina["rung"], nina["mql"]) == ("L1", "Nina@North.example", "mql", True)
    assert (omar["rung"], omar["pattern"], pia["insufficient_data"]) == ("lead", False, True)
    assert {tuple(part) for part in nina["parts"]} == {("axis", "name", "points", "sentence", "verdict")}
    for axis in ("fit", "intent"):
        assert sum(part["points"] for part in nina["parts"] if part["axis"] == axis) == pytest.approx(nina[axis])


def test_signals_join_by_id_address_and_browser(assay: Assay, leads: Path, signals: Path) -> None:
    done = assay("score", "--leads", leads, "--signals", signals, "--json")
    counted = [part["name"] for part in done.json[0]["parts"] if part["verdict"] == "counted"]
    assert counted == ["page_view", "pricing_view", "demo_request"]


def test_now_decides_what_has_happened(assay: Assay, leads: Path, signals: Path) -> None:
    done = assay("score", "--leads", leads, "--signals", signals, "--now", "2026-11-02T12:00", "--json")
    assert [lead["temperature"] for lead in done.json] == ["warm", "cold", "cold"]
    assert not any(lead["mql"] for lead in done.json)


def test_the_same_person_twice_is_one_lead_with_blanks_filled(assay: Assay, write: Write) -> None:
    leads = write("leads.csv", "email,name,title\nann+a@acme.example,,\nANN@acme.example,Ann Ames,CEO\n")
    [ann] = assay("score", "--leads", leads, "--json").json
    assert (ann["email"], ann["name"]) == ("ann+a@acme.example", "Ann Ames")
    assert next(part for part in ann["parts"] if part["name"] == "Can decide")["verdict"] == "match"


def test_a_row_about_two_people_is_refused(assay: Assay, write: Write) -> None:
    rows = "lead_id,email\nL1,ann@acme.example\nL2,bo@birch.example\nL1,bo@birch.example\n"
    done = assay("score", "--leads", write("leads.csv", rows), "--json")
    assert len(done.json) == 2
    assert "line 4: " in done.err
    assert "correct the id or the address" in done.err


def test_colleagues_share_what_is_known_of_their_company(assay: Assay, write: Write) -> None:
    rows = "email,employees\nann@acme.example,200\nbo@acme.example,\n"
    done = assay("score", "--leads", write("leads.csv", rows), "--json")
    assert [lead["coverage"] for lead in done.json] == [25.0, 25.0]


def test_signals_of_strangers_are_counted(assay: Assay, leads: Path, write: Write) -> None:
    signals = write(
        "s.csv", "at,kind,email\n2026-11-01,page_view,who@else.example\n2026-11-01,page_view,omar@oak.example\n"
    )
    done = assay("score", "--leads", leads, "--signals", signals, "--json")
    assert (done.code, done.err) == (0, "1 signal of s.csv matches no lead of leads.csv.\n")


def test_the_same_signal_twice_counts_once(assay: Assay, leads: Path, write: Write) -> None:
    row = "m1,2026-11-01T09:00:00Z,page_view,L1\n"
    signals = write("s.csv", "message_id,at,kind,lead_id\n" + row + row.replace("m1", "m2") + row)
    done = assay("score", "--leads", leads, "--signals", signals, "--json")
    [part] = [part for part in done.json[0]["parts"] if part["verdict"] == "counted"]
    assert "Viewed a page 2 times" in part["sentence"]


def test_refused_rows_are_told_and_stop_nothing(assay: Assay, write: Write) -> None:
    rows = "email,name\n" + "no address,Ann\n" * 12 + "ann@acme.example,Ann\n"
    done = assay("score", "--leads", write("leads.csv", rows), "--json")
    assert (done.code, len(done.json)) == (0, 1)
    lines = done.err.splitlines()
    assert lines[0] == "12 rows were left out of leads.csv:"
    assert lines[1].startswith('  line 2: The email "no address" is not an address')
    assert (len(lines), lines[-1]) == (12, "  and 2 more")


def test_a_shipped_policy_or_a_file_can_be_named(assay: Assay, leads: Path, write: Write) -> None:
    by_name = assay("score", "--leads", leads, "--policy", "saas").out
    by_file = assay("score", "--leads", leads, "--policy", write("own.toml", shipped("saas").text)).out
    assert by_name == by_file
    assert "by SaaS, product-led" in by_name


def test_columns_can_be_mapped(assay: Assay, write: Write) -> None:
    leads = write("leads.csv", "Mail 1,Who\nann@acme.example,Ann\n")
    signals = write("signals.csv", "What,When it was,Mail\npage_view,2026-11-01,ann@acme.example\n")
    words = [
        "--map",
        "email=Mail 1",
        "--map",
        "name=Who",
        "--signal-map",
        "kind=What",
        "--signal-map",
        "at=When it was",
    ]
    [ann] = assay("score", "--leads", leads, "--signals", signals, *words, "--json").json
    assert (ann["email"], ann["name"], ann["temperature"]) == ("ann@acme.example", "Ann", "warm")


def test_a_limit_shows_fewer_and_says_so(assay: Assay, leads: Path) -> None:
    done = assay("score", "--leads", leads, "--limit", 1)
    assert "and 2 more; --limit 0 shows all" in done.out
    assert len(assay("score", "--leads", leads, "--limit", 1, "--json").json) == 1


def _read(path: Path) -> list[dict[str, Any]]:
    match path.suffix:
        case ".json":
            return list(json.loads(path.read_text()))
        case ".jsonl":
            return [json.loads(line) for line in path.read_text().splitlines()]
        case ".csv":
            return list(csv.DictReader(path.read_text().splitlines()))
    rows = duckdb.read_parquet(str(path))
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl", ".parquet"])
def test_the_list_can_be_written(suffix: str, assay: Assay, leads: Path, signals: Path, tmp_path: Path) -> None:
    out = tmp_path / f"sorted{suffix}"
    done = assay("score", "--leads", leads, "--signals", signals, "--out", out)
    assert (done.code, done.out, done.err) == (0, "", f"3 leads written to {out}.\n")
    rows = _read(out)
    assert [row["lead_id"] for row in rows] == ["L1", "L2", "L3"]
    assert float(rows[0]["fit"]) == 100
    parts = rows[0]["parts"]
    assert "Asked for a demo" in (parts if isinstance(parts, str) else json.dumps(parts))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leads.csv", "signals.csv", out.name]


def test_neither_database_nor_account_is_needed(leads: Path, signals: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = os.environ | {"ASSAY_HOME": str(home), "ASSAY_DATABASE": "postgresql://nobody@localhost:1/none"}
    command = [sys.executable, "-c", "from assay.cli.main import main; main()", "score", "--leads", str(leads)]
    done = subprocess.run([*command, "--signals", str(signals)], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nina North" in done.stdout
    assert not home.exists()
