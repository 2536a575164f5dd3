"""IP addresses are cut to their network."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.ip import cut, cut_query, cut_within, may_hold_address


@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("fe80::1%eth0", "fe80::"),
        (" 203.0.113.77 ", "203.0.113.0"),
        ("[2001:db8:1:2::7]", "2001:db8:1::"),
        ("1.2.3", "1.2.3"),
        ("12:30:11", "12:30:11"),
        ("203.0.113.777", "203.0.113.777"),
        ("", ""),
    ],
)
def test_an_address_is_cut_and_nothing_else(whole: str, kept: str):
    assert cut(whole) == kept


def test_it_is_found_anywhere_in_a_value():
    said = {"ip": "203.0.113.77", "deep": [{"client": "2001:db8:1:2::7"}], "number": 5, "none": None}
    assert cut(said) == {"ip": "203.0.113.0", "deep": [{"client": "2001:db8:1::"}], "number": 5, "none": None}


def test_it_is_found_inside_a_text_that_could_not_be_read():
    assert cut_within('{"ip":"203.0.113.77","v6":"2001:db8:1:2::7"') == '{"ip":"203.0.113.0","v6":"2001:db8:1::"'
    assert cut_within("at 12:30:11 by Chrome/120.0.6099.1") == "at 12:30:11 by Chrome/120.0.6099.1"


def test_of_a_web_address_only_the_query_is_read():
    assert cut_query("http://10.0.0.5/a?ip=203.0.113.77&x=1") == "http://10.0.0.5/a?ip=203.0.113.0&x=1"
    assert cut_query("https://x.example/a") == "https://x.example/a"


ADDRESSES = st.ip_addresses().flatmap(lambda address: st.sampled_from([str(address), address.exploded, f"[{address}]"]))
VALUES = st.recursive(
    ADDRESSES | st.text(alphabet="0123456789abcdef.:?[] /\\\u00e9", max_size=45) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(VALUES, st.booleans())
def test_json_in_which_something_is_cut_may_hold_an_address(value: object, ascii_only: bool):
    if cut(value) != value:
        assert may_hold_address(json.dumps(value, ensure_ascii=ascii_only).encode())


def test_an_ordinary_event_holds_none():
    event = {"at": "2026-11-01T10:00:00.123+02:00", "agent": "Chrome/140.0.0.0 Safari/537.36", "size": {"a": [1, 2.5]}}
    assert not may_hold_address(json.dumps(event).encode())
