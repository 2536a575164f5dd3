"""Whose turn it is: shares by weight, kept over time whoever is away, and what a lead must be to meet a rule."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domain.facts import Facts
from assay.domain.phrase import Phrase
from assay.domain.routing import IN_TURN, NO_RULE, STAYS, Criteria, Seller, Turn, next_turn, why_of

FACTS: Facts = {
    "company.country": "DE",
    "company.employees": 120,
    "company.industry": "Software",
    "company.domain": "north.example",
}


class Table:
    """People at a round robin, by weight."""

    def __init__(self, *weights: int) -> None:
        self.weights, self.owed = weights, dict.fromkeys(range(len(weights)), 0)

    def next(self, here: list[int] | None = None) -> int:
        present = range(len(self.weights)) if here is None else here
        chosen, owed = next_turn([Turn(user, self.weights[user], self.owed[user]) for user in present])
        self.owed |= owed
        return chosen


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 4))
def test_after_every_full_round_each_has_exactly_their_share(weights: list[int], rounds: int):
    table = Table(*weights)
    got = Counter(table.next() for _ in range(rounds * sum(weights)))
    assert got == {user: rounds * weight for user, weight in enumerate(weights)}


@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.integers(1, 60))
def test_nobody_is_ever_far_from_their_share(weights: list[int], turns: int):
    table, total = Table(*weights), sum(weights)
    got = Counter(table.next() for _ in range(turns))
    for user, weight in enumerate(weights):
        assert abs(got[user] - turns * weight / total) < len(weights)


@given(st.lists(st.sets(st.integers(0, 3), min_size=1), max_size=80))
def test_of_equals_who_was_here_as_often_got_about_as_many(days: list[set[int]]):
    """What somebody is owed stays within what one round brings, whoever else is away and when."""
    table = Table(1, 1, 1, 1)
    for here in days:
        table.next(sorted(here))
        assert sum(table.owed.values()) == 0
        assert all(abs(owed) <= 4 for owed in table.owed.values())


def test_who_comes_back_is_not_flooded():
    table = Table(1, 1, 1)
    for _ in range(300):
        table.next([0, 1])
    assert Counter(table.next() for _ in range(30)) == {0: 10, 1: 10, 2: 10}


@pytest.mark.parametrize(
    ("criteria", "met"),
    [
        (Criteria(), True),
        (Criteria(countries=["AT", "DE"]), True),
        (Criteria(countries=["AT"]), False),
        (Criteria(sizes=["50-249"], industries=["software "]), True),
        (Criteria(sizes=["50-249"], industries=["Retail"]), False),
        (Criteria(sources=["website"]), True),
        (Criteria(accounts=["NORTH.example"]), True),
        (Criteria(accounts=["south.example"]), False),
    ],
)
def test_a_rule_is_met_by_all_it_asks_for(criteria: Criteria, met: bool):
    assert criteria.met_by(FACTS, "Website") is met
    assert criteria.met_by({}, "") is (criteria == Criteria())


def test_what_keeps_somebody_from_leads_is_said():
    assert Seller(1, "Sia").hindrance is None
    assert Seller(1, "Sia", leads=4, capacity=5).hindrance is None
    assert Seller(1, "Sia", leads=5, capacity=5).hindrance == "Sia has 5 of at most 5 open leads"
    assert Seller(1, "Sia", away_until=date(2026, 11, 20)).hindrance == "Sia is away until 2026-11-20"


def test_a_reason_is_read_back_from_its_text():
    turn = Phrase(IN_TURN, who="Sia", rule="DACH")
    stays = Phrase(STAYS, why=Phrase(NO_RULE))
    assert why_of(str(turn)).args == {"who": "Sia", "rule": "DACH"}  # type: ignore[attr-defined]
    assert why_of(str(stays)).args["why"].template == NO_RULE  # type: ignore[attr-defined]
    assert why_of("because") == "because"
