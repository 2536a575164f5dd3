"""Messages leave in order, each by one worker at a time; what fails comes back as planned, and nothing is lost."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.actions import delivering
from assay.actions.delivering import LEASE, claim, settle
from assay.actions.outbox import post
from assay.domain.delivery import Channel, Outcome, Result
from assay.records.models import OutboxAttempt, OutboxMessage
from assay.records.outbox import State
from tests.hooks import an_endpoint
from tests.people import NOW, a_lead

DELIVERED = Outcome(Result.DELIVERED, status=200, answer="thank you")
FAILED = Outcome(Result.FAILED, "It answered 500.", 500, "sorry")
CHANNELS = list(Channel)


@pytest.fixture
def _listening(db: None) -> None:
    an_endpoint()


def event(lead: int | None) -> OutboxMessage:
    """One event about a lead, for the one who listens."""
    [message] = post(NOW, "lead.promoted", lead=lead, payload={"lead": {"id": lead}})
    return message


def taken(now: datetime, most: int = 10) -> list[int]:
    """The numbers of what can be claimed at a time."""
    return [message.pk for message in claim(now, CHANNELS, most)]


def stands(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=message.pk)


@pytest.mark.usefixtures("_listening")
def test_an_empty_outbox_costs_one_look_that_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        assert taken(NOW) == []
    [query] = queries.captured_queries
    assert query["sql"].startswith("SELECT")


@pytest.mark.usefixtures("_listening")
def test_what_is_claimed_is_nobody_elses_until_the_claim_runs_out():
    message = event(a_lead().pk)
    assert taken(NOW) == [message.pk]
    assert taken(NOW + LEASE - timedelta(microseconds=1)) == []
    assert taken(NOW + LEASE) == [message.pk]
    assert stands(message).attempts == 2


@pytest.mark.usefixtures("_listening")
def test_about_one_lead_they_go_in_order_and_of_others_none_waits():
    one, other = a_lead().pk, a_lead().pk
    first, second, third, beside = event(one), event(one), event(one), event(other)
    claimed = claim(NOW, CHANNELS, 10)
    assert [message.pk for message in claimed] == [first.pk, beside.pk]
    assert taken(NOW) == []
    settle(claimed[0], DELIVERED, NOW + timedelta(seconds=1))
    assert taken(NOW) == []
    [following] = claim(NOW + timedelta(seconds=1), CHANNELS, 10)
    assert following.pk == second.pk
    settle(following, FAILED, NOW + timedelta(seconds=2), chance=0)
    assert taken(NOW + timedelta(seconds=6)) == []
    [again] = claim(NOW + timedelta(seconds=7), CHANNELS, 10)
    assert again.pk == second.pk
    settle(again, Outcome(Result.REFUSED, "It is too large."), NOW + timedelta(seconds=8))
    assert (stands(first).state, stands(second).state) == (State.DELIVERED, State.DEAD)
    assert taken(NOW + timedelta(seconds=8)) == [third.pk]


@pytest.mark.usefixtures("_listening")
def test_a_line_of_many_is_not_looked_at_again_until_its_first_is_due():
    lead = a_lead().pk
    messages = [event(lead) for _ in range(30)]
    [first] = claim(NOW, CHANNELS, 100)
    settle(first, FAILED, NOW, chance=0)
    later = NOW + timedelta(seconds=1)
    taken(later, 100)
    assert not OutboxMessage.objects.filter(due_at__lte=later).exists()
    assert OutboxMessage.objects.filter(due_at=stands(messages[0]).due_at).exists()


@pytest.mark.usefixtures("_listening")
def test_a_long_line_holds_up_nobody_behind_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(delivering, "LOOKED_AT", 5)
    lead = a_lead().pk
    line = [event(lead) for _ in range(23)]
    beside = event(a_lead().pk)
    assert taken(NOW, most=4) == [line[0].pk]
    assert taken(NOW, most=4) == [beside.pk]
    assert claim(NOW + LEASE / 2, CHANNELS, 1, only=line[1].pk) == []
    later = NOW + LEASE
    assert claim(later, CHANNELS, 1, only=line[1].pk) == []
    assert taken(later) + taken(later) == [line[0].pk, beside.pk]


@pytest.mark.usefixtures("_listening")
def test_what_is_about_no_lead_waits_for_nothing():
    messages = [event(None), event(None)]
    assert taken(NOW) == [message.pk for message in messages]


@pytest.mark.usefixtures("_listening")
def test_each_destination_has_a_line_of_its_own():
    an_endpoint("lead.promoted")
    lead = a_lead().pk
    post(NOW, "lead.promoted", lead=lead, payload={})
    one, other = claim(NOW, CHANNELS, 10)
    post(NOW, "lead.promoted", lead=lead, payload={})
    settle(one, FAILED, NOW, chance=0)
    settle(other, DELIVERED, NOW)
    [following] = claim(NOW, CHANNELS, 10)
    assert (following.destination, following.pk > other.pk) == (other.destination, True)


@pytest.mark.usefixtures("_listening")
def test_after_ten_attempts_it_is_dead_and_every_one_is_on_record():
    message = event(a_lead().pk)
    now = NOW
    for _ in range(10):
        [claimed] = claim(now, CHANNELS, 1)
        settle(claimed, FAILED, now, chance=1)
        now = stands(message).due_at or now
    row = stands(message)
    assert (row.state, row.attempts, row.last_error) == (State.DEAD, 10, "It answered 500.")
    assert timedelta(days=3, hours=3) < now - NOW < timedelta(days=4)
    assert taken(now + timedelta(days=100)) == []
    attempts = OutboxAttempt.objects.filter(message=row)
    assert set(attempts.values_list("result", "status", "error", "answer")) == {
        ("failed", 500, "It answered 500.", "sorry")
    }
    assert attempts.count() == 10


@pytest.mark.usefixtures("_listening")
def test_who_comes_too_late_with_what_came_of_it_changes_nothing():
    """Slower than the claim lasts: by then another has it."""
    message = event(a_lead().pk)
    [slow] = claim(NOW, CHANNELS, 1)
    [quick] = claim(NOW + LEASE, CHANNELS, 1)
    assert settle(slow, FAILED, NOW + LEASE) is None
    assert stands(message).due_at == quick.due_at
    assert settle(quick, DELIVERED, NOW + LEASE) is not None
    assert settle(slow, FAILED, NOW + LEASE) is None
    assert stands(message).state is State.DELIVERED
    assert OutboxAttempt.objects.filter(message=message).count() == 3


@pytest.mark.usefixtures("_listening")
def test_who_asks_to_be_left_alone_gets_nothing_else_meanwhile():
    an_endpoint("lead.accepted")
    event(a_lead().pk)
    [claimed] = claim(NOW, CHANNELS, 1)
    event(a_lead().pk)
    for_others = [message.pk for message in post(NOW, "lead.accepted", lead=a_lead().pk, payload={})][1]
    settle(claimed, Outcome(Result.FAILED, "Too many.", 429, retry_after=timedelta(minutes=20)), NOW)
    assert taken(NOW + timedelta(minutes=19)) == [for_others]
    assert len(taken(NOW + timedelta(minutes=30))) == 4


@pytest.mark.usefixtures("_listening")
def test_whoever_is_busy_is_left_for_later():
    first = event(a_lead().pk)
    busy = [(Channel.WEBHOOK, first.destination)]
    assert claim(NOW, CHANNELS, 10, busy) == []
    assert claim(NOW, [Channel.EMAIL], 10) == []
    assert taken(NOW) == [first.pk]
