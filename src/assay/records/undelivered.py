"""How much in the outbox waits, and how much was given up."""

from typing import NamedTuple

from assay.records.models import OutboxMessage


class Undelivered(NamedTuple):
    """Messages that wait to be delivered, and those that are dead; no more than was asked for."""

    waiting: int
    dead: int


def undelivered(most: int) -> Undelivered:
    """Counted by two indexes, which hold nothing else."""
    waiting = OutboxMessage.objects.filter(due_at__isnull=False)
    dead = OutboxMessage.objects.filter(dead_at__isnull=False)
    return Undelivered(*(rows.values("pk")[:most].count() for rows in (waiting, dead)))
