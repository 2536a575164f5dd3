"""Files as a whole: which format they are, and what is said about one that is no table."""

import gzip
import os
import zipfile

import openpyxl
import pytest

from assay.intake.rows import Format
from assay.intake.tables import BadRow, RawRow, read_table
from tests.intake.reading import cells, lines, refusals, refused

LEADS = "email,name\nann@acme.com,Ann\nbob@acme.com,Bob\n"
ROWS = [["ann@acme.com", "Ann"], ["bob@acme.com", "Bob"]]


def workbook(path):
    book = openpyxl.Workbook()
    for row in (["email", "name"], *ROWS):
        book.active.append(row)
    book.save(path)
    return path


# --- Formats -------------------------------------------------------------------------------------


def test_the_format_is_found_by_content_whatever_the_name_says(tmp_path, write, parquet):
    jsonl = '{"email": "ann@acme.com", "name": "Ann"}\n{"email": "bob@acme.com", "name": "Bob"}\n'
    files = {
        "csv": write(LEADS, "leads.txt"),
        "sheet": workbook(tmp_path / "leads.xlsx").rename(tmp_path / "leads.dat"),
        "json": write(jsonl, "leads.log"),
        "parquet": parquet(
            "FROM (VALUES ('ann@acme.com', 'Ann'), ('bob@acme.com', 'Bob')) AS t(email, name)", "leads.bin"
        ),
    }
    for kind, path in files.items():
        table = read_table(path)
        assert (table.format.kind, table.columns, cells(table)) == (kind, ["email", "name"], ROWS)


def test_a_table_can_be_read_more_than_once(write):
    table = read_table(write(LEADS))
    rows = [RawRow(2, {"email": "ann@acme.com", "name": "Ann"}), RawRow(3, {"email": "bob@acme.com", "name": "Bob"})]
    assert list(table) == rows
    assert list(table) == rows


def test_what_was_recognised_is_there_for_a_preview(write):
    assert read_table(write(LEADS)).format == Format("csv", encoding="utf-8", delimiter=",", quote='"')


@pytest.mark.parametrize("name", ["leads.csv.gz", "leads.csv"])
def test_packed_files_are_unpacked_on_the_way(write, name):
    assert cells(read_table(write(gzip.compress(LEADS.encode()), name))) == ROWS


def test_a_path_may_be_text(write):
    assert cells(read_table(str(write(LEADS)))) == ROWS


# --- Files that are no table ---------------------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "leads.csv").code == "no_file"


def test_a_folder(tmp_path):
    assert refused(tmp_path).code == "is_folder"


def test_a_file_that_may_not_be_read(write, monkeypatch):
    path = write(LEADS)
    path.chmod(0)
    if os.geteuid() == 0:  # whom no mode stops
        monkeypatch.setattr(type(path), "open", lambda *args: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert refused(path).code == "no_permission"


def test_a_file_that_cannot_be_read_for_another_reason(write):
    error = refused(write(LEADS) / "leads.csv")
    assert error.code == "unreadable"
    assert "Not a directory" in error.sentence


@pytest.mark.parametrize("content", [b"", b" \r\n\n", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)])
def test_an_empty_file(write, content):
    assert refused(write(content)).code == "empty_file"


@pytest.mark.parametrize("content", ["email,name", "email,name\n", "email;name\n\n;\n ; \n"])
def test_a_header_without_rows(write, content):
    assert refused(write(content)).code == "only_header"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9,
        b"%PDF-1.7\n" + bytes(range(256)) * 9,
        b"SQLite format 3\0" + bytes(4096),
        b"\x7fELF" + bytes(range(256)) * 9,
        bytes(range(256)) * 99,
        bytes(10_000) + b"email,name",
        gzip.compress(bytes(range(256)) * 99, mtime=0),
    ],
)
def test_a_file_that_is_no_text(write, content):
    assert refused(write(content)).code == "binary_file"


def test_an_archive_that_is_no_workbook(tmp_path):
    path = tmp_path / "leads.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("leads.csv", LEADS)
    assert refused(path).code == "binary_file"


@pytest.mark.parametrize("start", ["<html><table>", "<!DOCTYPE html>", '<?xml version="1.0"?>', "\ufeff\n <HTML>"])
def test_a_web_page_with_the_name_of_a_workbook(write, start):
    assert refused(write(f"{start}<tr><td>email", "leads.xls")).code == "web_page"


def test_a_damaged_gzip_file(write):
    packed = gzip.compress(LEADS.encode() * 9_999)
    assert refused(write(packed[:200], "leads.csv.gz")).code == "broken_gzip"
    assert refused(write(packed[:-200], "leads.csv.gz")).code == "broken_gzip"
    assert refused(write(b"\x1f\x8b nothing of the kind", "leads.csv.gz")).code == "broken_gzip"


@pytest.mark.parametrize("header", ["ann@acme.com,Ann", "1,2", "2026-01-02,17.5", ",,", '"",""'])
def test_a_file_without_names_of_columns(write, header):
    assert refused(write(f"{header}\nbob@acme.com,Bob\n")).code == "no_columns"


def test_columns_of_one_name(write):
    error = refused(write("email, Name ,Name,name\na,b,c,d\n"))
    assert error.code == "duplicate_columns"
    assert "Name" in error.sentence
    assert "email" not in error.sentence


def test_a_column_without_a_name_goes_by_its_place(write):
    assert read_table(write(",email,\n1,ann@acme.com,\n")).columns == ["column 1", "email", "column 3"]


def test_names_of_columns_are_clean(write):
    table = read_table(write('\ufeff  E-mail\u200b ,"Job\n title",Prénom\nann@acme.com,CFO,Ann\n'))
    assert table.columns == ["E-mail", "Job title", "Prénom"]


# --- Rows of any format --------------------------------------------------------------------------


def test_rows_may_be_shorter_than_the_header_and_end_in_blanks(write):
    table = read_table(write("email,name,title\nann@acme.com\nbob@acme.com,Bob,CFO,,\n"))
    assert cells(table) == [["ann@acme.com", None, None], ["bob@acme.com", "Bob", "CFO"]]


def test_blank_rows_are_left_out_and_counted_as_lines(write):
    table = read_table(write("email,name\n\n , \nann@acme.com,Ann\n,\n"))
    assert (lines(table), refusals(table)) == ([4], [])


def test_a_row_with_more_cells_than_columns_is_refused_with_all_of_them(write):
    bad = next(row for row in read_table(write(LEADS + "eve@acme.com,Eve,Smith,Inc.\n")) if isinstance(row, BadRow))
    assert (bad.line, bad.code) == (4, "too_many_cells")
    assert "4 cells" in bad.sentence
    assert bad.raw == {"email": "eve@acme.com", "name": "Eve", "further cells": "Smith | Inc."}


def test_a_header_in_the_middle_is_no_row(write):
    assert refusals(read_table(write(LEADS + LEADS))) == [(4, "repeated_header")]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x.example")',
        "=cmd|' /C calc'!A0",
        "\t=1+1",
        " =1+1",
        "+A1",
        "+SUM(A1:A9)",
        "-SUM(A1)",
        "-(A1)",
        "+(A1+B1)",
        "-2+3+cmd|' /C calc'!A0",
        "+1+SUM(A1)",
        "@SUM(A1)",
        "@(A1)",
        "＝1+1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_refused(write, text):
    quoted = text.replace('"', '""')
    assert refusals(read_table(write(f'{LEADS}eve@acme.com,"{quoted}"\n'))) == [(4, "formula")]


@pytest.mark.parametrize(
    "text",
    [
        "+33 1 42 68 53 00",
        "+33142685300",
        "+(33) 1-42.68",
        "-5",
        "-1,200.50",
        "- called twice",
        "-",
        "--",
        "--None--",
        "@acme",
        "@acme.inc",
        "ann@acme.com",
        "a=b",
        "5-3",
        "+1 555 0100 ext 5",
    ],
)
def test_phone_numbers_negative_numbers_and_handles_are_no_formulas(write, text):
    assert cells(read_table(write(f'{LEADS}eve@acme.com,"{text}"\n')))[-1] == ["eve@acme.com", text]


def test_at_most_32_kb_of_a_refused_row_are_kept(write):
    long = "x" * 50_000
    bad = next(row for row in read_table(write(f"{LEADS}={long},{long}\n")) if isinstance(row, BadRow))
    assert bad.code == "formula"
    assert 30_000 < sum(len(str(value)) for value in bad.raw.values()) <= 32 * 1024
    assert len(bad.sentence) < 200
