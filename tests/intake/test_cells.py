"""One cell: what is cleaned, what counts as blank."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.intake.cells import clean, text_of, value_of


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Ann  Lee ", "Ann  Lee"),
        ("Ann\r\n\tLee", "Ann Lee"),
        ("Ann\u00a0Lee", "Ann Lee"),
        ("Ann\x00\x07Lee\ufeff\u200b", "AnnLee"),
        ("\u202eeeL nnA\u202c", "eeL nnA"),
        ("Zoe\u0301", "Zoé"),
        ("\ud800Ann", "Ann"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # the joiner is spelling, not decoration
    ],
)
def test_text_is_cleaned(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_is_clean_and_can_be_stored(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned
    assert "\0" not in cleaned


@pytest.mark.parametrize(
    "cell", [None, "", " \t", "null", "NULL", "N/A", "n/a", "NaN", "nan", "None", "#N/A", "-", "--None--", float("nan")]
)
def test_blanks_say_nothing(cell):
    assert text_of(cell) is None
    assert value_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (" Ann ", "Ann", "Ann"),
        (1001.0, "1001", 1001),
        (1.5, "1.5", 1.5),
        (0, "0", 0),
        (True, "true", True),
        (False, "false", False),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00", "2026-01-02T00:00:00+00:00"),
    ],
)
def test_a_cell_as_text_and_as_value(cell, text, value):
    assert text_of(cell) == text
    assert (value_of(cell), type(value_of(cell))) == (value, type(value))
