"""What is kept no longer than needed: each function here does a little, in small transactions, and can be repeated."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from assay.actions.recognise import hold
from assay.actions.writing import in_transaction
from assay.domain.retention import OTHERS, Retention
from assay.records.doors import FOLDED, FOLDED_BY
from assay.records.models import (
    Digest,
    Identity,
    IntakeCount,
    Notification,
    OutboxMessage,
    PendingSignal,
    Quarantine,
    Signal,
    Unlock,
)

WINDOW = 20_000
"""Signals looked at in one go."""
STEP = 1_000
"""Rows of one transaction."""
VISITORS = 200
"""Visitors of one transaction, each with all they did."""


def strip_signals(after: int, kept: Retention, now: datetime) -> tuple[int, int | None]:
    """Empty the address and the properties of old signals, of those with a number above ``after``.

    A signal itself stays: whenever the rule changes, scores are counted anew from the log, and to be sent again is to
    be known again by its message id. Returns how many were emptied, and the number to go on after; None at the end.
    """
    window = Signal.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:WINDOW]
    last = max(window, default=None)
    if last is None:
        return 0, None
    old = Signal.objects.filter(_aged(kept, now), pk__gt=after, pk__lte=last, pendingsignal=None)
    full = list(old.exclude(url="", properties={}).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(full), STEP):
        in_transaction(partial(_strip, full[start : start + STEP]))
    return len(full), last


def _aged(kept: Retention, now: datetime) -> Q:
    """The signals whose time is over, by kind."""
    named = {kind: days for kind, days in kept.signals.items() if kind != OTHERS}
    aged = Q(pk__in=[])
    for kind, days in named.items():
        aged |= Q(kind=kind, at__lt=now - timedelta(days=days))
    if OTHERS in kept.signals:
        aged |= ~Q(kind__in=list(named)) & Q(at__lt=now - timedelta(days=kept.signals[OTHERS]))
    return aged


def _strip(signal_ids: Sequence[int]) -> None:
    unlock = Unlock.objects.create(why="retention")
    Signal.objects.filter(pk__in=signal_ids).update(url="", properties={})
    unlock.delete()


def drop_quarantine(kept: Retention, now: datetime) -> int:
    """Delete some of the rows that were refused long ago. Returns how many; 0 when none is left."""
    before = now - timedelta(days=kept.quarantine)
    old = Quarantine.objects.annotate(came=Coalesce("received_at", "imported_by__started_at")).filter(came__lt=before)
    chosen = old.order_by("pk").values_list("pk", flat=True)[:STEP]
    return in_transaction(lambda: _delete(Quarantine.objects.filter(pk__in=list(chosen))))


def drop_messages(kept: Retention, now: datetime) -> int:
    """Delete some of the messages that were delivered or given up long ago, with their attempts. Returns how many."""
    before = now - timedelta(days=kept.outbox)
    old = OutboxMessage.objects.filter(Q(delivered_at__lt=before) | Q(dead_at__lt=before))
    chosen = list(old.order_by("pk").values_list("pk", flat=True)[:STEP])
    # One that is replayed meanwhile stays.
    return in_transaction(lambda: old.filter(pk__in=chosen).delete()[1].get(OutboxMessage._meta.label, 0))


def drop_notifications(kept: Retention, now: datetime) -> int:
    """Delete some of what people were told long ago, read or not. Returns how many; 0 when none is left."""
    old = Notification.objects.filter(at__lt=now - timedelta(days=kept.outbox))
    chosen = list(old.order_by("at").values_list("pk", flat=True)[:STEP])
    return in_transaction(lambda: _delete(Notification.objects.filter(pk__in=chosen)))


def drop_digests(kept: Retention, now: datetime) -> int:
    """Delete some of the records of digests made long ago, but for each reader's last. Returns how many."""
    later = Digest.objects.filter(user=OuterRef("user"), day__gt=OuterRef("day"))
    old = Digest.objects.filter(Exists(later), until__lt=now - timedelta(days=kept.outbox))
    chosen = list(old.order_by("pk").values_list("pk", flat=True)[:STEP])
    return in_transaction(lambda: _delete(Digest.objects.filter(pk__in=chosen)))


def drop_visitors(kept: Retention, now: datetime) -> int:
    """Delete some of the identities nobody claimed for long, with their signals. Returns how many, 0 for none.

    Their signals never counted for anybody, and the visitors of each day are counted by themselves.
    """
    return in_transaction(partial(_drop_visitors, now - timedelta(days=kept.visitors)))


def _drop_visitors(before: datetime) -> int:
    later = Signal.objects.filter(identity=OuterRef("pk"), at__gte=before)
    stale = Identity.objects.filter(~Exists(later), person=None, created_at__lt=before)
    chosen = list(stale.order_by("pk").values_list("pk", flat=True)[:VISITORS])
    hold(chosen)
    gone = list(stale.filter(pk__in=chosen).values_list("pk", flat=True))  # until they were ours, one may be claimed
    if not gone:
        return 0
    unlock = Unlock.objects.create(why="retention")
    PendingSignal.objects.filter(signal__identity__in=gone).delete()
    Signal.objects.filter(identity__in=gone).delete()
    unlock.delete()
    return _delete(Identity.objects.filter(pk__in=gone))


def fold_counts(kept: Retention, now: datetime) -> int:
    """Add some of the old counts to the one row of their key, outcome and reason. Returns how many, 0 for none.

    The sum over all rows is the same before, after and meanwhile.
    """
    return in_transaction(partial(_fold, now - kept.counts))


def _fold(before: datetime) -> int:
    old = IntakeCount.objects.filter(minute__lt=before, minute__gt=FOLDED).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        old = old.select_for_update(skip_locked=True)
    chosen = list(old.values_list("pk", flat=True)[:STEP])
    if not chosen:
        return 0
    names = ("write_key", "outcome", "reason")
    groups = IntakeCount.objects.filter(pk__in=chosen).values(*names).annotate(number=Sum("count")).order_by(*names)
    for group in list(groups):
        number = group.pop("number")
        total, _ = IntakeCount.objects.select_for_update().get_or_create(
            minute=FOLDED, process=FOLDED_BY, **group, defaults={"count": 0}
        )
        total.count += number
        total.save(update_fields=["count"])
    return _delete(IntakeCount.objects.filter(pk__in=chosen))


def _delete(rows: "QuerySet[Any]") -> int:
    return rows.delete()[0]
