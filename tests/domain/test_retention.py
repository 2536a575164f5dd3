"""Days by kind of signal, as a setting says them."""

import pytest

from assay.domain.retention import read_days


def test_kinds_are_spelled_as_policies_spell_them():
    assert read_days(" Page View=180, *=730 ,") == {"page_view": 180, "*": 730}
    assert read_days("") == {}


@pytest.mark.parametrize("text", ["page_view", "page_view=", "=3", "page_view=0", "page_view=soon", "*=1000000"])
def test_what_is_no_number_of_days_is_refused(text: str):
    with pytest.raises(ValueError, match="a kind with days"):
        read_days(text)
