"""What is to be told to others: rows committed with their cause, and what came of every attempt to deliver them."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.domain.delivery import Channel, Result
from assay.records.constraints import choices, one_of


class State(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class OutboxMessage(models.Model):
    """One event for one destination: waiting, delivered or dead.

    ``due_at`` is when it is to be tried next; while somebody tries it, when they have lost it to the next who looks.
    Messages for one destination about one lead go in order of their numbers, each once those before it are done.
    ``event_id`` is the same for all destinations of an event, and however often it is sent.
    """

    event_id = models.UUIDField()
    channel = models.CharField(max_length=10, choices=choices(Channel))
    destination = models.CharField(max_length=320)
    type = models.CharField(max_length=50)
    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, null=True, related_name="outbox")
    decision = models.ForeignKey("records.Decision", on_delete=models.CASCADE, null=True, related_name="outbox")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="outbox_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["channel", "destination", "lead", "id"], name="outbox_queue", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["dead_at"], name="outbox_dead", condition=Q(dead_at__isnull=False)),
            models.Index(fields=["delivered_at"], name="outbox_done", condition=Q(delivered_at__isnull=False)),
            models.Index(fields=["channel", "destination", "-id"], name="outbox_log"),
        ]
        constraints: ClassVar = [
            one_of("outbox", "channel", Channel),
            models.CheckConstraint(
                name="outbox_in_one_state",
                condition=Q(due_at__isnull=False, delivered_at__isnull=True, dead_at__isnull=True)
                | Q(due_at__isnull=True, delivered_at__isnull=False, dead_at__isnull=True)
                | Q(due_at__isnull=True, delivered_at__isnull=True, dead_at__isnull=False),
            ),
        ]

    @property
    def state(self) -> State:
        if self.delivered_at is not None:
            return State.DELIVERED
        return State.WAITING if self.dead_at is None else State.DEAD


class OutboxAttempt(models.Model):
    """One try to deliver a message: what the other side answered, or why there was no answer."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=choices(Result))
    status = models.PositiveIntegerField(null=True)
    error = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [one_of("outbox_attempt", "result", Result)]
