"""Workbooks: which sheet, which row is the header, and what becomes of dates and numbers."""

from datetime import date, datetime, time

import openpyxl
import pytest
import python_calamine

from assay.intake.tables import read_table
from tests.intake.reading import cells, lines, refusals, refused


@pytest.fixture
def book(tmp_path):
    """Saves a workbook of named sheets, each a list of rows, and returns its path."""

    def saved(hidden=(), **sheets):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            sheet.sheet_state = "hidden" if name in hidden else "visible"
            for row in rows:
                sheet.append(row)
        path = tmp_path / "leads.xlsx"
        workbook.save(path)
        return path

    return saved


def test_cells_keep_their_types_and_dates_are_moments(book):
    when = datetime.fromisoformat("2026-01-02T03:04:05")
    path = book(
        Leads=[
            ["email", "n", "x", "ok", "at", "day", "hour"],
            ["a@b.com", 7, 1.5, True, when, date(2026, 1, 2), time(3, 4)],
        ]
    )
    assert cells(read_table(path)) == [
        ["a@b.com", 7, 1.5, True, when, datetime.fromisoformat("2026-01-02"), "03:04:00"]
    ]


def test_lines_are_those_the_spreadsheet_shows(book):
    table = read_table(book(Leads=[[], [None, "email"], [None, "a@b.com"], [], [None, "c@d.com"]]))
    assert (table.columns, lines(table)) == (["email"], [3, 5])


def test_the_first_visible_sheet_with_anything_in_it_is_read(book):
    path = book(Empty=[], Notes=[["x"], ["y"]], Leads=[["email"], ["a@b.com"]], hidden=["Notes"])
    table = read_table(path)
    assert (table.format.sheet, table.format.sheets) == ("Leads", ("Empty", "Notes", "Leads"))
    assert cells(read_table(path, sheet="Notes")) == [["y"]]


def test_a_sheet_has_to_be_there(book):
    error = refused(book(Leads=[["email"], ["a@b.com"]]), sheet="Lead")
    assert error.code == "no_sheet"
    assert "Leads" in error.hint


def test_a_workbook_without_anything(book):
    assert refused(book(Leads=[])).code == "empty_file"


def test_a_workbook_with_a_header_only(book):
    assert refused(book(Leads=[["email", "name"]])).code == "only_header"


def test_a_result_is_read_and_text_that_would_run_is_not(book):
    path = book(Leads=[["email", "note"], ["a@b.com", "fine"], ["c@d.com", "-SUM(A1)"]])
    assert refusals(read_table(path)) == [(3, "formula")]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and then nothing", b"\xd0\xcf\x11\xe0 and then nothing", b"plain text"]
)
def test_a_damaged_workbook(write, content):
    assert refused(write(content, "leads.xlsx")).code == "broken_spreadsheet"


def test_a_workbook_under_a_password(book, monkeypatch):
    class Locked:
        @staticmethod
        def from_path(path):
            raise python_calamine.PasswordError("locked")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Locked)
    assert refused(book(Leads=[["email"], ["a@b.com"]])).code == "locked_spreadsheet"


def test_a_workbook_cut_short(book, write):
    assert (
        refused(write(book(Leads=[["email"], ["a@b.com"]]).read_bytes()[:-500], "cut.xlsx")).code
        == "broken_spreadsheet"
    )
