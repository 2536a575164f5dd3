"""Which sources a deal is owed to: by hand for small journeys, and always the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.attribution import MODELS, Credit, Journey, attribute, removal_effects

JOURNEY = st.builds(
    Journey,
    touches=st.lists(st.sampled_from("abcd"), min_size=1, max_size=6).map(tuple),
    won=st.booleans(),
    revenue=st.decimals(0, 10**6, places=2),
    currency=st.sampled_from(["EUR", "USD"]),
)


def deals(owed_to: dict[str, Credit]) -> dict[str, float]:
    return {source: pytest.approx(credit.deals) for source, credit in owed_to.items()}  # type: ignore[misc]


@pytest.mark.parametrize("model", MODELS)
@given(journeys=st.lists(JOURNEY, max_size=8))
def test_the_parts_are_the_whole(model, journeys: list[Journey]) -> None:
    owed_to = attribute(journeys, model)
    won = [journey for journey in journeys if journey.won]
    assert sum(credit.deals for credit in owed_to.values()) == pytest.approx(len(won))
    for currency in ("EUR", "USD"):
        brought = sum((journey.revenue for journey in won if journey.currency == currency), Decimal(0))
        assert sum((credit.revenue.get(currency, Decimal(0)) for credit in owed_to.values()), Decimal(0)) == brought


@pytest.mark.parametrize(
    ("model", "touches", "owed"),
    [
        ("first", "abca", {"a": 1}),
        ("last", "abcb", {"b": 1}),
        ("even", "abca", {"a": 0.5, "b": 0.25, "c": 0.25}),
        ("position", "abcd", {"a": 0.4, "b": 0.1, "c": 0.1, "d": 0.4}),
        ("position", "ab", {"a": 0.5, "b": 0.5}),
        ("position", "a", {"a": 1}),
        ("markov", "a", {"a": 1}),
    ],
)
def test_one_journey_by_each_model(model, touches: str, owed: dict[str, float]) -> None:
    assert deals(attribute([Journey(tuple(touches), True, Decimal(100), "EUR")], model)) == owed


def test_cents_that_cannot_be_shared_go_to_somebody() -> None:
    owed_to = attribute([Journey(("a", "b", "c"), True, Decimal("100.00"), "EUR")], "even")
    assert sorted(credit.revenue["EUR"] for credit in owed_to.values()) == [
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("33.34"),
    ]


def test_removal_effects_of_a_chain_counted_by_hand() -> None:
    """From the start half go to a and half to b; a goes on to b, as two of three from b win and the other is lost.

    Without a only b's own half can win: 1/2 * 2/3; without b nobody can. So the effects are 1/2 and 1.
    """
    journeys = [
        Journey(("a", "b"), True, Decimal(1), "EUR"),
        Journey(("b",), True, Decimal(1), "EUR"),
        Journey(("a", "b"), True, Decimal(1), "EUR"),
        Journey(("b",), True, Decimal(1), "EUR"),
        Journey(("a", "b"), False),
        Journey(("b",), False),
    ]
    assert {source: float(part) for source, part in removal_effects(journeys).items()} == pytest.approx(
        {"a": 1 / 3, "b": 2 / 3}
    )


def test_a_source_from_which_nobody_wins_is_owed_nothing() -> None:
    journeys = [Journey(("a",), True, Decimal(5), "EUR"), Journey(("z",), False), Journey(("a", "a"), False)]
    assert deals(attribute(journeys, "markov")) == {"a": 1}
