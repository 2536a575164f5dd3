"""Exports: what is written can be read again, and no spreadsheet runs it."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.errors import BadInput
from assay.intake.exports import Row, write_csv, write_json_lines, write_table
from assay.intake.tables import read_table
from tests.intake.reading import cells

COLUMNS = ["email", "employees", "fit", "mql", "at", "value", "note"]
ROWS: list[Row] = [
    ["ann@acme.com", 7, 61.5, True, datetime(2026, 1, 2, 3, 4, tzinfo=UTC), Decimal("1200.50"), 'said "hi",\nleft'],
    ["bob@acme.com", None, 60.0, False, None, None, None],
]


def csv_of(*row):
    file = io.StringIO(newline="")
    write_csv(file, ["a"] * len(row), [row])
    return next(csv.reader(io.StringIO(file.getvalue().partition("\r\n")[2], newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+SUM(A1)",
        "-SUM(A1)",
        "@SUM(A1)",
        "|cmd",
        "%cmd",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\0=1+1",
        "\tplain",
        "\rplain",
        "\0plain",
        "  =1+1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠SUM(A1)",
        "-2+3+cmd|' /C calc'!A0",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(text):
    assert csv_of(text)[0].startswith("'")


@pytest.mark.parametrize(
    "value", ["Ann", "ann@acme.com", "a=b", "-5", "-1,200.50", "5", " note", -5, -1.5, Decimal("-2")]
)
def test_other_cells_are_written_as_they_are(value):
    assert csv_of(value) == [str(value)]


def test_the_header_is_made_safe_as_well():
    file = io.StringIO(newline="")
    write_csv(file, ["=1+1"], [])
    assert file.getvalue() == "'=1+1\r\n"


@given(st.text(), st.text())
def test_no_cell_starts_as_a_formula(first, second):
    for written in csv_of(first, second):
        start = written.lstrip("\0\t\r\n ")[:1]
        assert start not in "=+-@|%＝＋－＠\t\r\n\0" or start == "" or set(written) <= set("-0123456789.,")


safe = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1).filter(
    lambda text: text[0].isalnum()
)


@given(st.lists(st.tuples(safe, safe | st.just(""), st.integers()), min_size=1, max_size=5))
def test_what_was_written_as_csv_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "leads.csv"
    assert write_table(path, ["email", "name", "n"], rows) == len(rows)
    assert cells(read_table(path, delimiter=",", encoding="utf-8")) == [[*row[:2], str(row[2])] for row in rows]


def test_every_value_has_one_form_in_csv(tmp_path):
    assert write_table(tmp_path / "leads.csv", COLUMNS, ROWS) == 2
    assert cells(read_table(tmp_path / "leads.csv")) == [
        ["ann@acme.com", "7", "61.5", "true", "2026-01-02T03:04:00+00:00", "1200.50", 'said "hi",\nleft'],
        ["bob@acme.com", "", "60.0", "false", "", "", ""],
    ]


@pytest.mark.parametrize("name", ["leads.jsonl", "leads.NDJSON"])
def test_json_lines(tmp_path, name):
    assert write_table(tmp_path / name, COLUMNS, ROWS) == 2
    first, second = map(json.loads, (tmp_path / name).read_text(encoding="utf-8").splitlines())
    assert list(first) == list(second) == COLUMNS
    assert list(first.values()) == [
        "ann@acme.com",
        7,
        61.5,
        True,
        "2026-01-02T03:04:00Z",
        "1200.50",
        'said "hi",\nleft',
    ]
    assert list(second.values()) == ["bob@acme.com", None, 60.0, False, None, None, None]


def test_parquet_keeps_the_types(tmp_path):
    path = tmp_path / "leads.parquet"
    assert write_table(path, [*COLUMNS, "day"], [[*row, "2026-01-02"] for row in ROWS]) == 2
    assert cells(read_table(path)) == [
        ["ann@acme.com", 7, 61.5, True, "2026-01-02 03:04:00+00", 1200.5, 'said "hi",\nleft', "2026-01-02"],
        ["bob@acme.com", None, 60.0, False, None, None, None, "2026-01-02"],
    ]


def test_a_column_of_mixed_values_is_text_in_parquet(tmp_path):
    path = tmp_path / "leads.parquet"
    write_table(path, ["mixed", "numbers", "blank"], [[7, 7, None], ["seven", 7.5, None]])
    assert cells(read_table(path)) == [["7", 7.0, None], ["seven", 7.5, None]]


def test_no_rows_are_a_file_as_well(tmp_path):
    for name in ("none.csv", "none.jsonl", "none.parquet"):
        assert write_table(tmp_path / name, COLUMNS, []) == 0
        assert (tmp_path / name).exists()


def test_a_name_says_the_format(tmp_path):
    with pytest.raises(BadInput) as caught:
        write_table(tmp_path / "leads.doc", COLUMNS, ROWS)
    assert caught.value.code == "unknown_format"
    assert ".csv" in caught.value.hint
    assert not (tmp_path / "leads.doc").exists()


def test_json_lines_need_as_many_cells_as_columns():
    with pytest.raises(ValueError, match="argument"):
        write_json_lines(io.StringIO(), ["a", "b"], [["a"]])
