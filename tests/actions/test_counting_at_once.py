"""Several collectors and scorers on one database: one person stays one, nothing is counted twice, nothing is left."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from assay.actions.scoring import refolded, states_of
from assay.records.models import Company, Decision, Identity, Lead, PendingSignal, Person, Quarantine, Signal
from tests.actions import replay
from tests.actions.events import (
    alias,
    counted,
    group,
    kinds_of,
    lead_of,
    people,
    said_to_be,
    take_in,
    the_key,
    use,
    visit,
)
from tests.actions.processes import Worker, at_once
from tests.people import NOW
from tests.records.dump import everything

pytestmark = pytest.mark.slow

Event = dict[str, Any]


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    """Those at work; they go on from test to test."""
    started: list[Worker] = []
    yield started
    for worker in started:
        worker.end()


@pytest.fixture
def pair(database_url: str, workers: list[Worker]) -> list[Worker]:
    """Two processes on the test database, ready; the write key is there."""
    the_key()
    if not workers:
        workers += [Worker(database_url), Worker(database_url)]
        assert [worker.is_ready() for worker in workers] == [True, True]
    return workers


def told(number: int) -> list[Event]:
    """Somebody says who they are, twice, from two devices, and does something on each."""
    email = f"p{number}@f{number % 3}.example"
    return [
        said_to_be(f"u{number}", f"phone{number}", email=email),
        said_to_be(f"u{number}", f"laptop{number}", email=email, name=f"Person {number}"),
        visit(f"phone{number}"),
        visit(f"laptop{number}", "demo_request"),
        use(f"u{number}"),
        alias(f"old{number}", f"u{number}"),
        visit(f"old{number}"),
        group(f"f{number % 3}.example", f"u{number}"),
    ]


def count_at_once(pair: list[Worker], most: int, rounds: int) -> list[Any]:
    """Both are scorers, so many times."""
    said: dict[str, object] = {"most": most, "rounds": rounds}
    return at_once(*((worker, "count", said) for worker in pair))


def assert_each_is_one_person(numbers: range) -> None:
    """Each is one person and one lead with all their signals, in one company, and scored as from the log."""
    assert PendingSignal.objects.count() == 0
    assert (Person.objects.count(), Lead.objects.count()) == (len(numbers), len(numbers))
    assert not Identity.objects.filter(person=None).exists()
    assert len(people()) == len(numbers)
    for number in numbers:
        assert kinds_of(lead_of(f"u{number}")) == {"pricing_view": 3, "demo_request": 1}
    assert Company.objects.count() == len({number % 3 for number in numbers})
    assert Decision.objects.filter(move="capture").count() == len(numbers)
    leads = list(Lead.objects.values_list("pk", flat=True))
    live, again = states_of(leads), refolded(leads, NOW)
    assert {pk: sorted((k, s.count) for k, s in live[pk].items()) for pk in leads} == {
        pk: sorted((k, s.count) for k, s in again[pk].items()) for pk in leads
    }
    assert not Quarantine.objects.exists()
    replay.check(everything())


def test_the_same_person_identified_by_two_at_once_is_one(pair: list[Worker]) -> None:
    """Both scorers hold part of what the same people said."""
    numbers = range(12)
    for number in numbers:
        take_in(*told(number))
    answers = count_at_once(pair, most=3, rounds=40)
    assert sum(answer["result"]["counted"] for answer in answers) == len(numbers) * 8
    assert_each_is_one_person(numbers)


def test_events_that_come_while_others_are_counted_are_counted_once(pair: list[Worker]) -> None:
    numbers, chance = range(15), random.Random(3)
    events = [event for number in numbers for event in told(number)]
    chance.shuffle(events)
    for place, event in enumerate(events):
        event["messageId"] = f"m{place}"
    sender, scorer = pair
    for _ in range(3):  # sent again, as a client does that heard no answer
        answers = at_once(
            (sender, "take_in", {"events": events, "batch": 7}), (scorer, "count", {"most": 5, "rounds": 30})
        )
        assert all("result" in answer for answer in answers)
    while counted().signals:
        pass
    assert Signal.objects.count() == len(events)
    assert_each_is_one_person(numbers)


def test_two_who_store_the_same_events_in_other_orders_store_each_once(pair: list[Worker]) -> None:
    events = [event for number in range(40) for event in told(number)]
    for place, event in enumerate(events):
        event["messageId"] = f"m{place}"
    orders = [events, events[::-1]]
    at_once(*((worker, "take_in", {"events": order, "batch": 40}) for worker, order in zip(pair, orders, strict=True)))
    assert Signal.objects.count() == PendingSignal.objects.count() == len(events)


def test_two_scorers_share_the_work(pair: list[Worker]) -> None:
    """A long queue of behaviour and statements in any order, some of it dated alike, counted by both."""
    numbers, chance = range(30), random.Random(5)
    events = [event for number in numbers for event in told(number)]
    chance.shuffle(events)
    for start in range(0, len(events), 50):
        take_in(*events[start : start + 50])
    answers = count_at_once(pair, most=20, rounds=20)
    shares = [answer["result"]["counted"] for answer in answers]
    assert sum(shares) == len(events)
    assert_each_is_one_person(numbers)
