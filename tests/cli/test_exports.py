"""What is taken out comes in again as it was, and is safe to open."""

import csv
import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assay.records.models import Import, Lead
from tests.cli.conftest import Assay
from tests.cli.files import LEADS, SIGNALS
from tests.people import a_lead, an_sql

pytestmark = pytest.mark.django_db

Write = Callable[[str, str | bytes], Path]


def _read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text().splitlines()))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    rows = duckdb.read_parquet(str(path))
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def _columns(path: Path) -> list[str]:
    return duckdb.read_parquet(str(path)).columns if path.suffix == ".parquet" else list(_read(path)[0])


@pytest.fixture
def brought_in(assay: Assay, write: Write) -> None:
    """The story of the files, on record."""
    assay("import", "leads", write("leads.csv", LEADS))
    assay("import", "signals", write("signals.csv", SIGNALS))


def _facts() -> list[dict[str, Any]]:
    names = ("external_id", "person__email", "person__name", "person__title", "person__phone", "company__domain")
    more = ("facts", "captured_at", "source__name", "campaign__name")
    return list(Lead.objects.order_by("external_id").values(*names, *more))


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_leads_come_in_again_as_they_were(suffix: str, assay: Assay, write: Write, tmp_path: Path) -> None:
    rows = LEADS.replace(",source\n", ",source,Lead Origin,phone,campaign,captured_at\n", 1)
    rows = rows.replace("Website\n", "Website,Web form,+33142685300,Autumn,2026-10-01T08:30:00+02:00\n")
    assay("import", "leads", write("leads.csv", rows))
    before, number, file = _facts(), Import.objects.get().pk, tmp_path / f"taken.{suffix}"
    assert assay("export", "leads", "--to", file).out == f"3 leads written to {file}.\n"
    assay("import", "undo", number)
    assert not Lead.objects.exists()
    assert assay("import", "leads", file, "--json").json["counts"]["new"] == 3
    assert _facts() == before


@pytest.mark.usefixtures("brought_in")
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_signals_come_in_again_as_they_were(suffix: str, assay: Assay, tmp_path: Path) -> None:
    file = tmp_path / f"signals.{suffix}"
    done = assay("export", "signals", "--to", file, "--json").json
    assert done == {"what": "signals", "file": str(file), "rows": 4, "columns": _columns(file)}
    assert assay("import", "signals", file, "--dry-run", "--json").json["counts"] == {"rows": 4, "known": 4}


@pytest.mark.usefixtures("brought_in")
def test_leads_are_written_with_their_scores_where_asked_for(assay: Assay, tmp_path: Path) -> None:
    assay("accept", "L1")
    assay("export", "leads", "--to", tmp_path / "leads.csv", "--scores")
    nina = next(row for row in _read(tmp_path / "leads.csv") if row["lead_id"] == "L1")
    assert (nina["rung"], nina["temperature"], nina["owner"]) == ("sql", "hot", "operator@localhost")
    assert float(nina["fit"]) == 100


def test_the_ledger_is_written_with_every_reason(assay: Assay, tmp_path: Path) -> None:
    lead = an_sql()
    assay("export", "decisions", "--to", tmp_path / "ledger.jsonl")
    rows = _read(tmp_path / "ledger.jsonl")
    assert [row["move"] for row in rows] == ["capture", "promote", "accept", "qualify"]
    assert (rows[2]["by"], rows[2]["lead"], rows[2]["fit"]) == ("Sam", lead.pk, 100)
    assert "Vetted in the act of accepting" in rows[3]["details"]


def test_a_folder_gets_a_csv(assay: Assay, tmp_path: Path) -> None:
    assert assay("export", "leads", "--to", tmp_path).out == f"0 leads written to {tmp_path / 'leads.csv'}.\n"


def test_a_cell_that_a_spreadsheet_would_run_is_made_safe(assay: Assay, tmp_path: Path) -> None:
    a_lead(name="=HYPERLINK(1)", title="+SUM(A1)")
    assay("export", "leads", "--to", tmp_path / "leads.csv")
    [row] = _read(tmp_path / "leads.csv")
    assert (row["name"], row["title"]) == ("'=HYPERLINK(1)", "'+SUM(A1)")


def test_a_file_is_replaced_only_by_a_whole_one(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("the one before")

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr("assay.cli.exports.write_table", fail)
    done = assay("export", "leads", "--to", file)
    assert (done.code, done.err) == (2, f"{file}: the disk is full.\n  Make room and run the command again.\n")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("leads.csv", "the one before")]
