"""Webhooks as the other side sees them: signed, in order, again until they are taken, and each with its own id."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection

from assay.actions.actors import actor
from assay.actions.gate import accept
from assay.actions.outbox import post
from assay.actions.replaying import replay
from assay.actions.webhooks import change_endpoint, remove_endpoint, rotate_secret
from assay.actions.writing import in_transaction
from assay.domain import delivery
from assay.domain.delivery import Result
from assay.domain.events import EVENTS
from assay.records.models import OutboxAttempt, OutboxMessage, WebhookEndpoint
from assay.settings import current
from assay.work import outbox, webhook
from assay.work.calling import Answer
from assay.work.outbox import deliver_while
from tests.hooks import Listener, an_endpoint, an_endpoint_with_secret, listening
from tests.people import NOW, a_lead, ada, an_mql, sam

pytestmark = pytest.mark.usefixtures("no_mail_server")


@pytest.fixture(scope="module")
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def listener(server: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    """Somebody on this machine who listens, and whom we may call."""
    server.calls.clear()
    server.answers.clear()
    allowed = current.model_copy(update={"webhook_private": (ip_network("127.0.0.0/8"),)})
    monkeypatch.setattr(webhook, "settings", allowed)
    return server


def deliver(message: OutboxMessage) -> delivery.Outcome:
    return webhook.deliver(message, NOW)


@pytest.mark.django_db
def test_a_message_is_signed_and_says_what_happened(listener: Listener, monkeypatch: pytest.MonkeyPatch):
    endpoint, secret = an_endpoint_with_secret("lead.promoted", url=listener.url())
    lead = an_mql()
    message = OutboxMessage.objects.get()
    outcome = webhook.deliver(message, now())
    assert (outcome.result, outcome.status, outcome.answer) == (Result.DELIVERED, 200, "heard")
    [call] = listener.calls
    assert call.holds(secret)
    assert call.id == f"msg_{message.event_id.hex}"
    assert call.headers["content-type"] == "application/json"
    assert {name: call.said[name] for name in ("type", "timestamp", "version")} == {
        "type": "lead.promoted", "timestamp": "2026-11-04T09:00:00Z", "version": 1,
    }  # fmt: skip
    data = json.dumps(call.said["data"])
    assert EVENTS["lead.promoted"].data.model_validate_json(data).model_dump(include={"lead": {"id"}}) == {
        "lead": {"id": lead.pk}
    }

    rotated, newer = rotate_secret(endpoint.pk, actor(ada()), now())
    webhook.deliver(message, now())
    assert (listener.calls[1].holds(secret), listener.calls[1].holds(newer)) == (True, True)
    headers = webhook.signed(rotated, "msg_1", now() + timedelta(hours=25), b"{}")
    assert len(headers["webhook-signature"].split()) == 1


def now() -> datetime:
    """What the clock on the wall says: whoever verifies a signature looks at it."""
    return datetime.now(UTC)


ANSWERS: list[tuple[int, Mapping[str, str], Result, str, timedelta | None]] = [
    (204, {}, Result.DELIVERED, "", None),
    (410, {}, Result.GONE, "410 Gone", None),
    (301, {"location": "https://other.example"}, Result.FAILED, "redirects are not followed", None),
    (404, {}, Result.FAILED, "It answered 404.", None),
    (500, {"retry-after": "60"}, Result.FAILED, "It answered 500.", None),
    (429, {"retry-after": "60"}, Result.FAILED, "It answered 429.", timedelta(minutes=1)),
    (503, {"retry-after": "Wed, 04 Nov 2026 10:00:00 GMT"}, Result.FAILED, "503", timedelta(hours=1)),
    (503, {"retry-after": "Wed, 04 Nov 2026 08:00:00 GMT"}, Result.FAILED, "503", timedelta()),
    (503, {"retry-after": "soon"}, Result.FAILED, "503", None),
    (503, {"retry-after": "9" * 400}, Result.FAILED, "503", None),
]


@pytest.mark.parametrize(("status", "headers", "result", "said", "wait"), ANSWERS)
def test_what_an_answer_means(
    status: int, headers: Mapping[str, str], result: Result, said: str, wait: timedelta | None
):
    outcome = webhook.outcome(Answer(status, headers, "text"), NOW)
    assert (outcome.result, outcome.retry_after, said in outcome.said) == (result, wait, True)


@pytest.mark.django_db
def test_without_a_setting_this_machine_is_not_called(server: Listener):
    server.calls.clear()
    an_endpoint("lead.promoted", url=server.url())
    an_mql()
    outcome = deliver(OutboxMessage.objects.get())
    assert (outcome.result, "ASSAY_WEBHOOK_PRIVATE" in outcome.said) == (Result.FAILED, True)
    assert not server.calls


@pytest.mark.django_db
def test_an_endpoint_that_is_no_more_gets_nothing(listener: Listener):
    endpoint = an_endpoint("lead.promoted", url=listener.url())
    an_mql()
    message = OutboxMessage.objects.get()
    remove_endpoint(endpoint.pk, actor(ada()), NOW)
    assert deliver(message).result is Result.REFUSED
    WebhookEndpoint.objects.create(pk=endpoint.pk, url=listener.url(), secret="x", created_at=NOW, disabled_at=NOW)
    assert deliver(message).result is Result.REFUSED
    WebhookEndpoint.objects.update(disabled_at=None)
    assert (deliver(message).result, "rotate the secret" in deliver(message).said) == (Result.FAILED, True)
    assert not listener.calls


# --- as it runs ----------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come at once."""
    monkeypatch.setattr(delivery, "SCHEDULE", (timedelta(milliseconds=1),) * 9)
    monkeypatch.setattr(outbox, "IDLE_SECONDS", 0.01)


def run_until_all_is_done(seconds: float = 20) -> None:
    """Deliver as beside the server, until nothing waits."""
    end = time.monotonic() + seconds
    stop = threading.Event()

    def work() -> None:
        deliver_while(lambda: not stop.is_set())
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    while OutboxMessage.objects.filter(due_at__isnull=False).exists() and time.monotonic() < end:
        time.sleep(0.02)
    stop.set()
    worker.join()
    assert not OutboxMessage.objects.filter(due_at__isnull=False).exists()


@pytest.mark.usefixtures("quick")
def test_an_endpoint_that_fails_and_recovers_gets_every_event_once_in_order(listener: Listener, transactional_db: None):
    an_endpoint(url=listener.url())
    elsewhere = an_endpoint("lead.promoted", url="https://127.0.0.1:1/")
    change_endpoint(elsewhere.pk, actor(ada()), url="http://127.0.0.1:1/", types=["lead.promoted"])
    leads = [an_mql() for _ in range(6)]
    for lead in leads:
        accept(lead.pk, actor(sam()), NOW)
    listener.plan(*[500, 503, 302, 429, 500, 404] * 2)
    run_until_all_is_done()
    taken = listener.calls[12:]
    assert len(listener.calls) == 12 + 18
    assert len({call.id for call in taken}) == 18
    for lead in leads:
        told = [call.said["type"] for call in taken if call.said["data"]["lead"]["id"] == lead.pk]
        assert told == ["lead.promoted", "lead.accepted", "lead.qualified"]
    assert OutboxMessage.objects.filter(delivered_at__isnull=False).count() == 18
    assert OutboxMessage.objects.filter(dead_at__isnull=False, destination=elsewhere.pk, attempts=10).count() == 6
    assert OutboxAttempt.objects.filter(result="failed").count() == 12 + 60


@pytest.mark.usefixtures("quick")
def test_a_fault_of_ours_is_tried_again_too(
    listener: Listener, transactional_db: None, monkeypatch: pytest.MonkeyPatch
):
    an_endpoint(url=listener.url())
    in_transaction(lambda: post(NOW, "lead.promoted", lead=a_lead().pk, payload={}))
    faults = [ZeroDivisionError("no"), OSError("no")]
    sign = webhook.signed

    def faulty(*said: Any) -> Mapping[str, str]:
        if faults:
            raise faults.pop()
        return sign(*said)

    monkeypatch.setattr(webhook, "signed", faulty)
    run_until_all_is_done()
    assert len(listener.calls) == 1
    errors = OutboxAttempt.objects.order_by("pk").values_list("error", flat=True)
    assert list(errors) == ["A fault of Assay's own: OSError.", "A fault of Assay's own: ZeroDivisionError.", ""]
    first = listener.calls[0]
    in_transaction(lambda: replay(OutboxMessage.objects.get().pk, actor(ada()), NOW))
    run_until_all_is_done()
    assert [(call.id, call.body) for call in listener.calls] == [(first.id, first.body)] * 2
