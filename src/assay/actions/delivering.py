"""Messages on their way out: who takes the next one, and what becomes of it when it was delivered or was not."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from assay.actions import chats, webhooks
from assay.actions.notifying import not_before
from assay.actions.writing import in_transaction, update
from assay.domain.delivery import Channel, Outcome, Result, pause
from assay.records.models import OutboxAttempt, OutboxMessage

LEASE = timedelta(seconds=90)
"""For so long nobody else takes a message that somebody is delivering; whoever is killed loses it after that."""

SOON = timedelta(seconds=1)
LOOKED_AT = 200
"""Messages looked at in one transaction for those that can be claimed."""

KEPT_ANSWER = 2_000
"""Characters of what the other side answered."""

Destination = tuple[Channel, str]

KEEP_ACCOUNT: Mapping[Channel, Callable[[OutboxMessage, Outcome, datetime], object]] = {
    Channel.WEBHOOK: webhooks.note_outcome,
    Channel.SLACK: chats.note_outcome,
    Channel.TEAMS: chats.note_outcome,
}
"""Who keeps account of a channel's destinations, in the transaction in which an outcome is noted."""


def claim(
    now: datetime,
    channels: Collection[Channel],
    most: int,
    busy: Collection[Destination] = (),
    only: int | None = None,
) -> list[OutboxMessage]:
    """Take at most ``most`` of the messages that are due by ``now``, for nobody else until their ``due_at``.

    Those for a destination in ``busy`` are left for later; ``only`` names the one to take. The claim is committed
    before anything leaves, and what came of it after: whoever is killed in between leaves a claim that runs out, and
    the message goes again. So one may come twice, and none is lost.
    """
    due = OutboxMessage.objects.filter(due_at__lte=now, channel__in=channels).order_by("due_at", "pk")
    for channel, destination in busy:
        due = due.exclude(channel=channel, destination=destination)
    if only is not None:
        due = due.filter(pk=only)
    # On SQLite a transaction keeps everybody else from writing, and mostly there is nothing to do. Asked in this order
    # because PostgreSQL, asked whether there is any, may read the whole table for it.
    if most < 1 or due.values_list("pk").first() is None:
        return []
    put_off, claimed = True, list[OutboxMessage]()
    while put_off and not claimed:
        put_off, claimed = in_transaction(partial(_claim, due, now, most))
    return claimed


def _claim(due: "QuerySet[OutboxMessage]", now: datetime, most: int) -> tuple[bool, list[OutboxMessage]]:
    """Claim some of those that stand first in line, and put off those that have to wait for another.

    Returns whether some were put off as well: where none can be claimed, there may be others behind them.
    """
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = list(due[:LOOKED_AT])
    # A second look, now that they are ours: what stood before one of them may have gone meanwhile.
    heads = _first_in_line(rows)
    claimed = [row for row in rows if row.pk not in heads][:most]
    for row in claimed:
        row.attempts += 1
        row.due_at = now + LEASE
    taken = {row.pk for row in claimed}
    waiting = [row for row in rows if row.pk in heads]
    for row in waiting:
        head, due_at = heads[row.pk]
        # The one before it may be due as well, and just in somebody else's hands.
        row.due_at = now + LEASE if head in taken else max(due_at, now + SOON)
    update(OutboxMessage, claimed + waiting, ["due_at", "attempts"])
    return bool(waiting), claimed


def _first_in_line(rows: Sequence[OutboxMessage]) -> Mapping[int, tuple[int, datetime]]:
    """The message that each one has to wait for, and when that is due, by the number of the one that waits."""
    line = _line(OuterRef("channel"), OuterRef("destination"), OuterRef("lead")).filter(pk__lt=OuterRef("pk"))
    head, due = (Subquery(line.order_by("pk").values(name)[:1]) for name in ("pk", "due_at"))
    known = OutboxMessage.objects.filter(pk__in=[row.pk for row in rows], lead__isnull=False)
    found = known.annotate(head=head, head_due=due).filter(head__isnull=False)
    return {pk: (head, due) for pk, head, due in found.values_list("pk", "head", "head_due")}


def _line(channel: str | OuterRef, destination: str | OuterRef, lead: int | OuterRef) -> "QuerySet[OutboxMessage]":
    """The messages that wait for one destination about one lead."""
    return OutboxMessage.objects.filter(channel=channel, destination=destination, lead=lead, due_at__isnull=False)


def settle(
    message: OutboxMessage, outcome: Outcome, now: datetime, chance: float | None = None
) -> OutboxMessage | None:
    """Note what came of an attempt. Returns the message as it stands; None where the claim had run out before.

    ``chance``, from 0 to 1, is how much longer than planned the pause is; drawn where it is not given.
    """
    drawn = random.random() if chance is None else chance  # nosec B311 - keeps callers apart, keeps no secret
    return in_transaction(partial(_settle, message, outcome, now, drawn))


def _settle(message: OutboxMessage, outcome: Outcome, now: datetime, chance: float) -> OutboxMessage | None:
    OutboxAttempt.objects.create(
        message_id=message.pk, at=now, result=outcome.result, status=outcome.status,
        error=outcome.said, answer=outcome.answer[:KEPT_ANSWER],
    )  # fmt: skip
    # By the end of the claim it is known whether it is still ours.
    row = OutboxMessage.objects.select_for_update().filter(pk=message.pk, due_at=message.due_at).first()
    if row is None:
        return None
    row.due_at, row.last_error = None, outcome.said
    wait = pause(row.attempts, outcome, chance)
    if outcome.result is Result.DELIVERED:
        row.delivered_at = now
    elif wait is None:
        row.dead_at = now
    else:
        row.due_at = not_before(row, now + wait)
    row.save(update_fields=["due_at", "delivered_at", "dead_at", "last_error"])
    if keep_account := KEEP_ACCOUNT.get(Channel(row.channel)):
        keep_account(row, outcome, now)
    _move_up(row, now)
    if outcome.retry_after and row.due_at:
        _leave_alone(row, row.due_at)
    return row


def _move_up(row: OutboxMessage, now: datetime) -> None:
    """The next in line is due now that this one is done, and with this one where it is not."""
    if row.lead_id is None:
        return
    line = _line(row.channel, row.destination, row.lead_id).filter(pk__gt=row.pk)
    following = line.order_by("pk").first()
    if following is not None:
        due_at = row.due_at or not_before(row, now)
        OutboxMessage.objects.filter(pk=following.pk).update(due_at=due_at)


def _leave_alone(row: OutboxMessage, until: datetime) -> None:
    """Whoever asks to be left alone gets nothing else meanwhile; what is being delivered to them runs to its end."""
    others = OutboxMessage.objects.filter(channel=row.channel, destination=row.destination, due_at__lt=until)
    others.filter(attempts=0).update(due_at=until)
