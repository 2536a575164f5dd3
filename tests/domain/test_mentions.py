"""Somebody's addresses and ids found again in texts, in any spelling, and nobody else's."""

import pytest

from assay.domain.identity import IdentityKind
from assay.domain.mentions import Mentions

NINA = Mentions(
    [
        (IdentityKind.EMAIL, "nina@north.example"),
        (IdentityKind.EMAIL, "ninanorth@gmail.com"),
        (IdentityKind.LEAD_ID, "12"),
        (IdentityKind.USER, "user-4711-ab"),
        (IdentityKind.PHONE, "+33142685300"),
        (IdentityKind.ROW, "0123456789abcdef"),
    ]
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Ask Nina+news@North.Example, please", "Ask [erased], please"),
        ("<nina@north.example>", "<[erased]>"),
        ("mailto:nina.north@googlemail.com", "mailto:[erased]"),
        ("https://x.example/?mail=nina%40north.example&a=1", "https://x.example/?mail=[erased]&a=1"),
        ("nina@north.example.csv", "[erased].csv"),
        ("Nina@North.example. She said", "[erased]. She said"),
        ("user-4711-ab wrote", "[erased] wrote"),
        ("call 01 42 68 53 00 now", "call [erased] now"),
    ],
)
def test_they_are_found_and_blotted(said: str, kept: str):
    assert NINA(said)
    assert NINA.blotted(said) == kept


@pytest.mark.parametrize(
    "said", ["anina@north.example", "nina@north.example2", "12", "12 people", "user-4711-abc", "01 42 68 53 01", "nina"]
)
def test_others_are_not(said: str):
    assert not NINA(said)


def test_a_short_id_counts_only_where_an_id_is_said():
    assert NINA.blotted({"userId": "12", "employees": 12, "Record ID": 12}) == {
        "userId": "[erased]",
        "employees": 12,
        "Record ID": "[erased]",
    }
    assert NINA({"who": [{"x": "user-4711-ab"}]})


def test_a_database_can_look_for_pieces():
    pieces = list(NINA.pieces())
    for said in ("nina@NORTH.example", "nina.north@googlemail.com", "user-4711-ab", "0142685300"):
        assert any(piece.lower() in said.lower() for piece in pieces)


def test_nobody_is_named_by_nothing():
    assert not Mentions([])("anything at all@x.example")
