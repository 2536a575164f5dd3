"""Parquet: every type becomes a cell."""

from datetime import datetime

import pytest

from assay.intake.tables import read_table
from tests.intake.reading import cells, lines, refusals, refused


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("'Zoé'", "Zoé"),
        ("7", 7),
        ("7::UTINYINT", 7),
        ("1.5::DOUBLE", 1.5),
        ("12.50::DECIMAL(10, 2)", 12.5),
        ("true", True),
        ("NULL::INTEGER", None),
        ("DATE '2026-01-02'", datetime.fromisoformat("2026-01-02")),
        ("TIMESTAMP '2026-01-02 03:04:05'", datetime.fromisoformat("2026-01-02T03:04:05")),
        ("TIMESTAMP_NS '2026-01-02 03:04:05'", datetime.fromisoformat("2026-01-02T03:04:05")),
        ("TIMESTAMPTZ '2026-01-02 03:04:05+01'", "2026-01-02 02:04:05+00"),
        ("TIME '03:04:05'", "03:04:05"),
        ("[1, 2]", "[1, 2]"),
        ("'a'::ENUM('a', 'b')", "a"),
        ("'5d5a8a6e-2a5b-4c8e-9f0a-000000000001'::UUID", "5d5a8a6e-2a5b-4c8e-9f0a-000000000001"),
    ],
)
def test_a_value_becomes_a_cell(parquet, sql, cell):
    assert cells(read_table(parquet(f"SELECT 'a@b.com' AS email, {sql} AS \"the value\""))) == [["a@b.com", cell]]


def test_rows_are_counted_over_all_batches(parquet):
    table = read_table(parquet("SELECT 'p' || i AS name FROM range(5000) t(i)"))
    assert lines(table) == list(range(1, 5001))


def test_a_name_is_no_pattern(parquet):
    parquet("SELECT 'wrong' AS name", "leads1.parquet")
    assert cells(read_table(parquet("SELECT 'right' AS name", "leads[1].parquet"))) == [["right"]]


def test_a_cell_of_over_a_megabyte_costs_its_row_only(parquet):
    table = read_table(parquet("SELECT i AS line, repeat('x', i * 700000) AS note FROM range(1, 3) t(i)"))
    assert (refusals(table), lines(table)) == ([(2, "cell_too_big")], [1])


def test_a_damaged_file(parquet, write):
    whole = parquet("SELECT 'a@b.com' AS email").read_bytes()
    assert refused(write(whole[:-20], "cut.parquet")).code == "broken_parquet"
    assert (
        refused(write(whole[:4] + bytes(len(whole) // 4) + whole[4 + len(whole) // 4 :], "x.parquet")).code
        == "broken_parquet"
    )
    assert refused(write(b"PAR1 and then nothing", "x.parquet")).code == "broken_parquet"
    assert refused(write(b"plain text", "x.parquet")).code == "broken_parquet"
