"""Any table with outcomes: which rows were won, in the order of time, numbers as numbers and texts as texts."""

from pathlib import Path

import pytest

from assay.domain.errors import BadInput
from assay.intake.outcomes import Outcomes, read_outcomes
from assay.intake.tables import read_table


@pytest.fixture
def read(tmp_path: Path):
    def read(text: str, outcome: str = "won", **how: str) -> Outcomes:
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        return read_outcomes(read_table(tmp_path / "table.csv"), outcome, **how)  # type: ignore[arg-type]

    return read


def values(found: Outcomes) -> dict[str, list[object]]:
    return {column.name: list(column.values) for column in found.columns}


def test_numbers_texts_and_what_is_blank(read):
    found = read('amount,town,won\n"1,200",Oslo,Yes\n950,,no\nn/a,Bonn,no\n')
    assert values(found) == {"amount": [1200.0, 950.0, None], "town": ["Oslo", None, "Bonn"]}
    assert (found.won, found.time, found.left_out) == ([True, False, False], None, 0)


@pytest.mark.parametrize(
    "times", [("03/01/2026", "14/02/2025", "01/02/2026"), ("30", "7", "31"), ("2026-01-03", "2025-02-14", "2026-02-01")]
)
def test_rows_stand_in_the_order_of_a_column_of_dates_or_numbers(read, times):
    rows = "".join(f"{at},{name},{won}\n" for at, name, won in zip(times, "bac", (1, 0, 0), strict=True))
    found = read(f"at,name,won\n{rows},d,1\n", time="at")
    assert (values(found), found.won) == ({"name": ["a", "b", "c"]}, [False, True, False])
    assert found.left_out == 1


def test_columns_of_dates_are_not_learned_from(read):
    found = read("seen,size,won\n2026-01-01 10:00,3,1\n2026-01-02 11:30,4,0\n")
    assert (found.days, list(values(found))) == (["seen"], ["size"])


def test_what_means_won_is_said_or_known(read):
    assert read("a,won\n1,TRUE\n2,FALSE\n").won == [True, False]
    stages = "a,won\n1,Signed\n2,Walked away\n3,Silent\n"
    with pytest.raises(BadInput, match="it holds: signed, walked away, silent"):
        read(stages)
    found = read(stages, won="signed ")
    assert (found.won, sorted(found.lost)) == ([True, False, False], ["Silent", "Walked away"])


def test_dates_that_can_be_read_two_ways_are_asked_about(read):
    with pytest.raises(BadInput, match="with the day or the month first"):
        read("at,won\n03/04/2026,1\n05/06/2026,0\n", time="at")
