"""What stories of leads at the gate add up to, and what is said of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assay.domain.backtest import Backtest, Caught, Explored, Grounds, Story, Timing, Week, backtest
from assay.domain.backtest_words import notes, verdict
from assay.domain.what_if import Estimate

FIRST = date(2026, 9, 1)


def held(*stories: Story, days: int = 28, grounds: Grounds | None = None) -> Backtest:
    return backtest(FIRST, FIRST + timedelta(days=days - 1), stories, grounds or Grounds())


HISTORY = (
    Story(3, 3, "accept", "win", in_time=True, number=9),
    Story(9, 12, "accept", "win", in_time=False),  # only after sales had decided
    Story(9, 2, "accept", "lose", in_time=True, number=2),
    Story(10, None, "reject", number=6),
    Story(11, 11, "reject", in_time=True, number=4),
    Story(20, None),  # still undecided
    Story(None, 21, before=False, number=3),
    Story(None, -5, before=True, number=5),
)


def test_stories_add_up():
    found = held(*HISTORY)
    assert (found.both, found.only_real, found.new, found.before) == (16, 7, 3, 5)
    assert (found.won, found.accepted) == (Caught(10, 9, 1), Caught(12, 11, 1))
    assert (found.rejected, found.rejected.avoided.caught) == (Caught(10, 4, 0), 6)
    assert found.timing == Timing(earlier=2, same=13, later=1, median=0.0, low=-7.0, high=0.0)
    assert [(week.real, week.draft) for week in found.weeks] == [(9, 11), (13, 5), (1, 0), (0, 3)]
    assert sum(week.real for week in found.weeks) == 7 * found.real / 7 * 4


def test_a_change_a_week_has_the_range_of_chance():
    change = held(*HISTORY).change
    assert change.value == (3 - 7) / 4
    assert change.low == pytest.approx((-4 - 1.2815515655 * 10**0.5) / 4)
    assert change.high == pytest.approx((-4 + 1.2815515655 * 10**0.5) / 4)


def test_the_last_week_may_be_short():
    assert held(Story(8, 8), days=9).weeks == (Week(FIRST, 7, 0, 0), Week(FIRST + timedelta(days=7), 2, 1, 1))


def test_an_exploration_is_no_promotion_but_says_what_the_others_would_be():
    explored = [Story(5, 5, "accept", None, True, 0.1, False, 20), Story(5, 5, "reject", None, True, 0.1, False, 20)]
    found = held(*explored, Story(5, None, "reject", exploration=0.1), Story(None, 6, before=False, number=300))
    assert (found.both, found.only_real, found.new, found.rejected.all) == (0, 0, 340, 0)
    assert replace(found.explored, stand_for=round(found.explored.stand_for, 9)) == Explored(40, 20, 360.0)
    assert any("20 of them were accepted, so that of all those alike it is 40 to 60 %" in said for said in notes(found))
    few = held(Story(5, 5, "accept", None, True, 0.1, False, 4))
    assert "4 of those alike were explored by lot, too few to tell from." in list(notes(few))


def test_the_verdict_says_how_many_and_how_good():
    assert verdict(held(*HISTORY)) == (
        "The draft sends 1 fewer leads a week to the gate, 4.8 instead of 5.8. It would have sent 9 of 10 won leads in "
        "time, and spared sales 6 of 10 that it returned. That is few to go by."
    )
    assert verdict(held(Story(1, 1, number=4))).endswith(
        "as many leads a week to the gate as came: 1. "
        "Sales decided on nobody in these days, so what it is worth cannot be said."
    )
    assert "1 of 1 accepted leads in time" in verdict(held(Story(1, 1, "accept", in_time=True)))
    assert "spared sales 1 of 1" in verdict(held(Story(1, None, "reject")))
    assert verdict(held()).startswith("Nobody came to the gate in these 28 days")


def test_what_else_is_to_be_known_is_said():
    found = replace(held(*HISTORY, grounds=Grounds(50, 4, 2)), minutes=Estimate(60.0, 30.0, 90.0))
    assert [str(said) for said in notes(found)] == [
        "7 of those that came it would not have sent, 3 others it would: "
        "the difference is -2 to 0 a week with 80 % probability.",
        "That is 1 hours less of sales' time a week (0.5 to 1.5).",
        "5 others it would have sent in the weeks before, and they stayed away.",
        "Of 16 that came and would have, 2 come on an earlier day, 13 on the same, 1 later; "
        "the median is 0 days, eight of ten lie between -7 and 0; below 0 is earlier.",
        "1 accepted leads it would have sent only after sales had decided, by what they did since: "
        "that may be because of sales, and does not count as in time.",
        "What sales would have said of the 3 others nobody knows.",
        "4 leads are seen as they were before something was corrected or filled in by a file, the other 46 with what "
        "is known of them today: what forms and events fill in is not dated.",
        "2 signals came in over a day late, and count from when they came in.",
    ]
