"""Numbers as people type them; what could mean two is not decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.intake.numbers import number


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        (
            [
                "1200",
                "1,200",
                "1 200",
                "1\u202f200",
                "1'200",
                "1,200.00",
                "1.200,00",
                "€1.200",
                "1.200 EUR",
                "1.2k",
                "1,2 K€",
            ],
            1200,
        ),
        (["10000", "€10.000", "EUR 10.000,00", "$10,000", "10 000 CHF", "1e4", "1.0E+04"], 10_000),
        (["1200000", "1,200,000", "1.200.000", "12,00,000", "1.2M", "1,200k", "$1.2 million", "1.2mio"], 1_200_000),
        (["1.5", "1,5", "1,50", "1.50"], 1.5),
        (["-5", "-5.0", "-€5"], -5),
        (["0.125", "0,125"], 0.125),
        (["1250.125", "1250,125"], 1250.125),
        (["2bn", "2B", "2 billion"], 2_000_000_000),
        (["007"], 7),
    ],
)
def test_one_number_however_it_is_written(texts, value):
    assert {text: number(text) for text in texts} == dict.fromkeys(texts, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "many",
        "51-200",
        "1000+",
        "<10",
        "1..2",
        "1,2,3",
        "1.234.56",
        "1 2",
        "5%",
        "12 FTE",
        "(500)",
        "nan",
        "inf",
        "1e99",
        "9" * 40,
    ],
)
def test_what_is_no_plain_number_is_none(text):
    assert number(text) is None


def test_three_decimals_or_a_thousand():
    assert number("1.200") is None
    assert number("1.200", whole=True) == 1200
    assert number("€1.200") == 1200
    assert number("1.125m") == 1_125_000


@given(st.integers(-(10**15), 10**15))
def test_every_way_to_group_digits_comes_back(value):
    for text in (
        f"{value}",
        f"{value:,}.00",
        f"{value:,}".replace(",", "'"),
        f"{value:,},00".replace(",", " ", f"{value:,}".count(",")),
    ):
        assert number(text) == value
