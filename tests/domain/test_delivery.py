"""When a message that could not be delivered is tried again."""

from datetime import timedelta

import pytest

from assay.domain.delivery import JITTER, SCHEDULE, Outcome, Result, pause

FAILED = Outcome(Result.FAILED, "The server is away.")


def test_ten_attempts_in_three_days_as_standard_webhooks_plans_them():
    since_start = [sum(SCHEDULE[:done], timedelta()) for done in range(1, len(SCHEDULE) + 1)]
    assert [str(moment) for moment in since_start] == [
        "0:00:05", "0:05:05", "0:35:05", "2:35:05", "7:35:05", "17:35:05",
        "1 day, 7:35:05", "2 days, 3:35:05", "3 days, 3:35:05",
    ]  # fmt: skip
    assert [pause(attempts, FAILED, 0) for attempts in range(1, 10)] == list(SCHEDULE)
    assert pause(10, FAILED, 0) is None


@pytest.mark.parametrize("chance", [0, 0.5, 1])
def test_a_pause_may_be_a_little_longer_and_never_shorter(chance: float):
    assert pause(2, FAILED, chance) == timedelta(minutes=5) * (1 + JITTER * chance)


def test_who_asks_to_be_left_alone_is_for_a_day_at_most():
    asked = Outcome(Result.FAILED, "Too many.", 429, retry_after=timedelta(hours=1))
    assert pause(1, asked, 1) == timedelta(hours=1)
    assert pause(6, asked, 0) == timedelta(hours=10)
    for_ever = Outcome(Result.FAILED, "Never.", 503, retry_after=timedelta(days=4_000))
    assert pause(1, for_ever, 0) == timedelta(hours=24)


@pytest.mark.parametrize("result", [Result.REFUSED, Result.GONE])
def test_what_was_refused_is_not_tried_again(result: Result):
    assert pause(1, Outcome(result, "Never again."), 0) is None
