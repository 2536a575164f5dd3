"""What was sent to an endpoint and what became of it; how much of it waits, and how much was given up."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from assay.actions.replaying import messages_for
from assay.domain.delivery import Channel
from assay.records.models import OutboxMessage, WebhookEndpoint

DEAD = "dead"


class Left(NamedTuple):
    """Messages for one destination that are not delivered."""

    waiting: int = 0
    dead: int = 0


def left() -> Mapping[int, Left]:
    """What is not delivered, by the number of the endpoint."""
    open_ = OutboxMessage.objects.filter(Q(due_at__isnull=False) | Q(dead_at__isnull=False), channel=Channel.WEBHOOK)
    rows = open_.order_by().values_list("destination").annotate(waiting=Count("due_at"), dead=Count("dead_at"))
    return {int(destination): Left(waiting, dead) for destination, waiting, dead in rows}


def left_for(endpoint: WebhookEndpoint) -> Left:
    """What one endpoint was not told yet."""
    return Left(**messages_for(endpoint).aggregate(waiting=Count("due_at"), dead=Count("dead_at")))


def log(endpoint: WebhookEndpoint, only: str) -> "QuerySet[OutboxMessage]":
    """Its messages with their attempts; with ``only`` those that were given up."""
    rows = messages_for(endpoint).prefetch_related("tries")
    return rows.filter(dead_at__isnull=False) if only == DEAD else rows


def written(message: OutboxMessage) -> str:
    """What is said in a message, to be read by people."""
    return json.dumps(message.payload, indent=2, ensure_ascii=False)
