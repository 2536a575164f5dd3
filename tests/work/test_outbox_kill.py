"""Whoever delivers is killed between commit and delivery, and between delivery and its note: nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.conf import settings

from assay.records.models import OutboxAttempt, OutboxMessage
from tests.actions.processes import Worker
from tests.hooks import an_endpoint, listening
from tests.people import an_mql, sam

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_mail_server")]

LEASE = 1.0
LEADS = 8


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test database, for processes that may call this machine and read the secrets stored here."""
    monkeypatch.setenv("ASSAY_WEBHOOK_PRIVATE", "127.0.0.0/8")
    monkeypatch.setenv("ASSAY_SECRET_KEY", settings.SECRET_KEY)
    return database_url


@contextmanager
def at_work(url: str) -> Iterator[Worker]:
    """A process that is killed at the end, if it was not before."""
    worker = Worker(url)
    assert worker.is_ready()
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.communicate()


def kill_at(wanted: int, worker: Worker, number: int) -> None:
    if number == wanted:
        worker.process.kill()


def test_what_was_committed_is_delivered_however_often_the_worker_is_killed(url: str) -> None:
    with listening() as listener:
        an_endpoint(url=listener.url())
        leads = [an_mql() for _ in range(LEADS)]
        with at_work(url) as deciding:
            for lead in leads:
                deciding.tell("accept", lead=lead.pk, by=sam().email)
                assert deciding.answer() == {"result": {"done": "accept"}}
        for killed_at in (5, 12):
            with at_work(url) as worker:
                # The other side has it, and the one who sent it never learns so; others are claimed and not sent yet.
                listener.on_call = partial(kill_at, killed_at, worker)
                worker.tell("work_outbox", lease=LEASE)
                worker.process.wait(timeout=30)
        claimed = OutboxMessage.objects.filter(due_at__isnull=False, attempts__gt=0).count()
        listener.on_call = lambda number: None
        with at_work(url) as worker:
            worker.tell("work_outbox", lease=LEASE)
            assert worker.answer() == {"result": {"waiting": 0}}

    assert claimed
    messages = OutboxMessage.objects.all()
    assert {message.state for message in messages} == {"delivered"}
    assert {f"msg_{message.event_id.hex}" for message in messages} == set(listener.ids())
    assert len(messages) == 3 * LEADS
    assert OutboxAttempt.objects.count() >= len(messages)  # more where a busy machine takes longer than the lease
    assert len(listener.calls) > len(messages)
    once = {call.id: call.said for call in listener.calls}.values()
    for lead in leads:
        told = [said["type"] for said in once if said["data"]["lead"]["id"] == lead.pk]
        assert told == ["lead.promoted", "lead.accepted", "lead.qualified"]
