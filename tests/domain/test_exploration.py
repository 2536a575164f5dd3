"""The draw is a share, the same for all who ask, and only just under the threshold."""

import pytest

from assay.domain.errors import PolicyInvalid
from assay.domain.exploration import is_drawn, is_just_under
from assay.domain.policy import Policy
from assay.policies import shipped

DRAWN = [5, 9, 12, 26, 39, 40]
"""What this machine and any other draw of the first sixty."""


@pytest.mark.parametrize("share", [0.01, 0.05, 0.1])
def test_the_share_is_what_was_agreed(share: float):
    drawn = sum(is_drawn(lead, 1, share) for lead in range(50_000))
    assert drawn / 50_000 == pytest.approx(share, rel=0.05)


def test_the_draw_is_the_same_whoever_asks_and_another_on_the_next_pass():
    assert [lead for lead in range(60) if is_drawn(lead, 1, 0.1)] == DRAWN
    again = sum(is_drawn(lead, 1, 0.1) and is_drawn(lead, 2, 0.1) for lead in range(50_000))
    assert again / 50_000 == pytest.approx(0.01, rel=0.2)


def test_a_higher_share_takes_those_of_a_lower_one_too():
    low, high = ({lead for lead in range(5_000) if is_drawn(lead, 1, share)} for share in (0.02, 0.08))
    assert low < high


def test_nobody_is_drawn_without_a_share():
    assert not any(is_drawn(lead, 1, 0.0) for lead in range(5_000))


@pytest.mark.parametrize(
    ("fits", "pattern", "intent", "total", "just_under"),
    [
        (True, True, 40, 99.999, True),
        (True, True, 40, 90, True),
        (True, True, 40, 100, False),
        (True, True, 40, 89.9, False),
        (False, True, 40, 95, False),
        (True, False, 40, 95, False),
        (True, True, 24, 95, False),
    ],
)
def test_just_under_is_a_few_points_and_nothing_else(fits, pattern, intent, total, just_under):
    assert is_just_under(fits, pattern, intent, total, shipped()) is just_under


def test_no_policy_explores_more_than_a_tenth():
    with pytest.raises(PolicyInvalid, match="explore"):
        Policy.parse(shipped().text.replace("explore = 0.0", "explore = 0.2"))
