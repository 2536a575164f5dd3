"""Facts: one spelling of a field, whoever writes it, and what counts as known."""

import pytest

from assay.domain.facts import COLUMNS, EMAIL_KIND, KNOWN_KEYS, Value, attribute_key, field_key, is_known


@pytest.mark.parametrize("written", ["lead.Lead Origin", "lead.lead_origin", " Lead.LEAD-ORIGIN ", "lead.Lead Origin?"])
def test_a_column_of_ones_own_has_one_spelling(written: str) -> None:
    assert field_key(written) == "lead.lead_origin"


def test_a_file_and_a_policy_mean_the_same_column() -> None:
    assert attribute_key("Total Visits (30 d)") == field_key("lead.total visits (30 d)") == "lead.total_visits_30_d"


def test_letters_of_every_language_stay() -> None:
    assert field_key("lead.Größe") == "lead.größe"


def test_canonical_columns_have_keys_of_their_own() -> None:
    keys = [column.key for column in COLUMNS if column.key]
    assert len(set(keys)) == len(keys)
    assert set(keys) | {EMAIL_KIND} == KNOWN_KEYS
    assert all(field_key(key) == key for key in KNOWN_KEYS)


@pytest.mark.parametrize("value", ["FR", 0, 0.0, False, True, -1])
def test_known(value: Value) -> None:
    assert is_known(value)


@pytest.mark.parametrize("value", [None, "", "  \t", float("nan")])
def test_unknown(value: Value) -> None:
    assert not is_known(value)
