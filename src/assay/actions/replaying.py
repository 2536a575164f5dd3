"""Messages that are sent again, or not at all any more, because somebody says so."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from assay.actions.actors import Actor
from assay.domain.delivery import Channel
from assay.domain.errors import NotFound
from assay.domain.phrase import Phrase
from assay.records.models import OutboxMessage, WebhookEndpoint

TEST = "webhook.test"
"""The type of a message by which somebody tries out an endpoint; nothing happened."""

REPLAY = Phrase("replay messages")


@transaction.atomic
def replay(number: int, by: Actor, at: datetime) -> OutboxMessage:
    """Send one message again as it was, whatever became of it, with all its attempts before it. Raises NotFound."""
    by.needs_admin(REPLAY)
    message = OutboxMessage.objects.select_for_update().filter(pk=number).first()
    if message is None:
        raise NotFound("unknown_message", Phrase("There is no message {number}.", number=str(number)))
    _again(OutboxMessage.objects.filter(pk=number), at)
    message.refresh_from_db()
    return message


@transaction.atomic
def replay_dead(by: Actor, at: datetime, destination: WebhookEndpoint | None = None) -> int:
    """Send again all that is dead, or what is of one endpoint, in the order in which it happened. Returns how many."""
    by.needs_admin(REPLAY)
    dead = OutboxMessage.objects.filter(dead_at__isnull=False)
    return _again(dead if destination is None else dead & messages_for(destination), at)


def _again(messages: "QuerySet[OutboxMessage]", at: datetime) -> int:
    return messages.update(due_at=at, attempts=0, delivered_at=None, dead_at=None)


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, by: Actor, at: datetime) -> OutboxMessage:
    """Post a message that says it is a test to one endpoint, whatever types it wants."""
    by.needs_admin(Phrase("test a webhook"))
    return OutboxMessage.objects.create(
        event_id=uuid4(), channel=Channel.WEBHOOK, destination=str(endpoint.pk), type=TEST,
        payload={"by": by.name}, created_at=at, due_at=at,
    )  # fmt: skip


def drop_waiting(endpoint: WebhookEndpoint, at: datetime, why: str) -> int:
    """What waits for an endpoint waits no more, and is dead; within the caller's transaction. Returns how many."""
    waiting = messages_for(endpoint).filter(due_at__isnull=False)
    return waiting.update(due_at=None, dead_at=at, last_error=why)


def messages_for(endpoint: WebhookEndpoint) -> "QuerySet[OutboxMessage]":
    """All that was ever meant for an endpoint and is still on record."""
    return OutboxMessage.objects.filter(channel=Channel.WEBHOOK, destination=str(endpoint.pk))
