"""A half-life moves toward the truth where outcomes tell it, and what signals are worth stays."""

import random

import pytest

from assay.domain.half_lives import faded, moved_half_lives
from assay.domain.outcomes import Outcome, lines_of
from assay.domain.policy import Policy
from assay.domain.proposal import drafted, propose
from assay.policies import shipped
from tests.domain.history import chance_of

KIND = "demo_request"
PRESENT = shipped().intent.signals[KIND].half_life_days


def fading(truth: float, leads: int = 1500, effect: float = 2.5) -> list[Outcome]:
    """Leads that asked for a demo at some time, won by how recent it was with a true half-life of so many days."""
    chance = random.Random(4)
    found = []
    for _ in range(leads):
        ages = [chance.uniform(0, 80)] if chance.random() < 0.7 else []
        amounts = {KIND: sum(2 ** (-age / PRESENT) for age in ages)} if ages else {}
        odds = effect * sum(2 ** (-age / truth) for age in ages) - 1
        won = chance.random() < chance_of(odds)
        found.append(Outcome({}, amounts, 100, 40, won, ages={KIND: ages} if ages else {}))
    return found


@pytest.mark.parametrize(("truth", "after"), [(PRESENT / 3, round(PRESENT / 2)), (PRESENT * 3, PRESENT * 2)])
def test_it_moves_one_step_toward_the_truth(truth: float, after: float):
    [moved] = moved_half_lives(shipped(), lines_of(shipped()), fading(truth))
    assert (moved.line.name, moved.before, moved.after) == (KIND, PRESENT, after)


def test_it_stays_where_it_is_right_or_nothing_tells():
    lines = lines_of(shipped())
    assert moved_half_lives(shipped(), lines, fading(PRESENT)) == []
    assert moved_half_lives(shipped(), lines, fading(PRESENT / 3, effect=0.0)) == []
    assert moved_half_lives(shipped(), lines, [one._replace(ages={}) for one in fading(PRESENT / 3)]) == []


def test_what_the_signals_are_worth_on_average_stays():
    outcomes = fading(PRESENT * 3)
    after = faded(outcomes, moved_half_lives(shipped(), lines_of(shipped()), outcomes))
    before_sum, after_sum = (sum(one.amounts.get(KIND, 0) for one in some) for some in (outcomes, after))
    assert after_sum == pytest.approx(before_sum)


def test_a_draft_with_another_half_life_is_a_policy_and_says_why():
    found = propose(shipped(), fading(PRESENT * 3), [])
    changes = {change.key: change for change in found.changes if change.label == "Asked for a demo"}
    assert "how long ago it was" in changes["half_life_days"].why
    assert Policy.parse(drafted(shipped(), found)).intent.signals[KIND].half_life_days == PRESENT * 2
