"""A company's intent, and the buying group it still lacks."""

import pytest

from assay.domain.company import company_intent, missing_roles
from assay.domain.policy_sections import BuyingGroup

GROUP = BuyingGroup(roles={"decision_maker": 1, "champion": 1, "user": 2}, others_share=0.3, others_cap=30)


@pytest.mark.parametrize(
    ("people", "total", "capped"),
    [
        ([50], 50, False),
        ([50, 20], 56, False),
        ([50, 50, 50], 80, False),
        ([50, 50, 50, 10], 80, True),
        ([90, 90, 90, 90], 120, True),
        ([0, 0], 0, False),
    ],
)
def test_the_strongest_counts_whole_and_the_others_in_part(people: list[float], total: float, capped: bool):
    intent = company_intent(max(people), sum(people), GROUP)
    assert (intent.total, intent.capped) == (total, capped)
    assert intent.strongest + intent.share == intent.total


def test_what_is_missing_of_the_buying_group():
    assert missing_roles({"champion": 2, "user": 1}, GROUP) == {"decision_maker": 1, "user": 1}


def test_a_complete_group_misses_nobody():
    assert missing_roles({"champion": 1, "user": 3, "decision_maker": 1, "blocker": 4}, GROUP) == {}
