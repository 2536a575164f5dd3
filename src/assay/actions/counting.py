"""Signals that came in are counted: whose they are, what they say of people, and what that does to scores."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from assay.actions.identify import identify
from assay.actions.policies import rule
from assay.actions.recognise import hold, ids_of
from assay.actions.scanning import mark_scanned
from assay.actions.scoring import keep, lock, recount, recount_outdated, score_leads, states_of
from assay.actions.visits import count_new_visitors
from assay.actions.writing import in_transaction, insert_values
from assay.domain.errors import AssayError
from assay.domain.intent import Signal as Observed
from assay.domain.ip import cut_everywhere
from assay.domain.kinds import STATEMENTS
from assay.domain.rows import Refusal
from assay.domain.scanners import MAIL_KINDS
from assay.domain.statements import Statement
from assay.records.models import Identity, PendingSignal, Quarantine, Signal

Read = Callable[[Signal], Statement]
"""What an identify, group or alias call says; raises AssayError where it cannot be read."""


class Counted(NamedTuple):
    """How many signals were counted, of how many leads, and which leads that promoted."""

    signals: int = 0
    leads: int = 0
    promoted: tuple[int, ...] = ()


def count_waiting(most: int, at: datetime, read: Read, only: int | None = None) -> Counted:
    """Count the oldest of the signals that wait, ``most`` at a time, in one transaction; or ``only`` this one of them.

    States, scores, decisions, and that they wait no more, commit together: a crash repeats nothing and loses nothing.
    Several processes may do this at once; each takes signals that no other has.
    """
    return in_transaction(partial(_count, most, at, read, only))


def count_all_waiting(at: datetime, read: Read, most: int = 1_000) -> int:
    """Count until none waits any more. Returns how many leads that promoted."""
    promoted = 0
    while (counted := count_waiting(most, at, read)).signals:
        promoted += len(counted.promoted)
    return promoted


def waiting(most: int, at: datetime) -> list[int]:
    """The oldest signals that wait, ``most`` of them, whoever may be counting them."""
    return list(_due(at).values_list("pk", flat=True)[:most])


def _count(most: int, at: datetime, read: Read, only: int | None) -> Counted:
    taken = _take(most, at, only)
    if not taken:
        return Counted()
    signals = list(Signal.objects.filter(pk__in=taken).order_by("pk").values_list(*FIELDS))
    said = [row[0] for row in signals if row[3] in STATEMENTS]
    PendingSignal.objects.filter(pk__in=said).delete()  # now, as whoever learns whose a browser is lets some wait anew
    statements, unreadable = _read_statements(said, read)
    # Everybody concerned is locked at once, in one order: two who count may share people and must not cross.
    if statements:
        _leads_of({row[1] for row in signals} | ids_of([key for statement in statements for key in statement.keys]))
    changed = _carry_out(statements, unreadable, at)
    counting = [row for row in signals if row[3] not in STATEMENTS and not row[5]]
    leads = _leads_of({row[1] for row in counting})
    caught = mark_scanned({row[1] for row in counting if row[3] in MAIL_KINDS})
    by_lead: dict[int, list[Observed]] = {}
    for pk, identity_id, message_id, kind, moment, _bot in counting:
        if (lead_id := leads.get(identity_id)) and pk not in caught.marked:
            by_lead.setdefault(lead_id, []).append(Observed(message_id, kind, moment))
    _fold(by_lead, at)
    count_new_visitors(taken, at)
    PendingSignal.objects.filter(pk__in=[row[0] for row in signals if row[3] not in STATEMENTS]).delete()
    recount(caught.leads, at)  # earlier clicks may have been counted already
    concerned = sorted(changed | by_lead.keys() | set(caught.leads))
    return Counted(len(taken), len(concerned), tuple(score_leads(concerned, at)) if concerned else ())


FIELDS = ("pk", "identity", "message_id", "kind", "at", "bot")


def _take(most: int, at: datetime, only: int | None = None) -> list[int]:
    """The oldest signals that wait and that nobody else is counting."""
    due = _due(at) if only is None else _due(at).filter(pk=only)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return list(due.values_list("pk", flat=True)[:most])


def _due(at: datetime) -> QuerySet[PendingSignal]:
    return PendingSignal.objects.filter(at__lte=at).order_by("pk")


def _read_statements(signal_ids: Sequence[int], read: Read) -> tuple[list[Statement], list[Refusal]]:
    """What identify, group and alias calls say, and those that cannot be read."""
    signals = Signal.objects.filter(pk__in=signal_ids).select_related("key__source", "key__campaign").order_by("pk")
    statements, unreadable = list[Statement](), list[Refusal]()
    for signal in signals if signal_ids else ():
        try:
            statements.append(replace(read(signal), signal=signal.pk))
        except AssayError as error:
            unreadable.append(Refusal(0, error.code, str(error), {**signal.properties, "signal": signal.pk}))
    return statements, unreadable


def _carry_out(statements: Sequence[Statement], unreadable: Sequence[Refusal], at: datetime) -> set[int]:
    """Do what statements say. Returns the leads it concerns."""
    changed, refusals = identify(statements, at)
    _keep_aside([*unreadable, *refusals], at)
    return changed


def _keep_aside(refusals: Iterable[Refusal], at: datetime) -> None:
    rows = (
        (refusal.code, refusal.sentence, cut_everywhere(dict(refusal.raw)), at, refusal.line) for refusal in refusals
    )
    insert_values(Quarantine, ("code", "sentence", "raw", "received_at", "line"), rows)


def set_aside(signal_id: int, at: datetime, error: Exception) -> None:
    """Take a signal that waits out of the way: counting it fails, and the others wait behind it.

    It stays in the log, and the quarantine says what happened.
    """

    def work() -> None:
        # Its properties are left where they are: they may be what cannot be read.
        for pk, kind in Signal.objects.filter(pk__in=_take(1, at, signal_id)).values_list("pk", "kind"):
            sentence = f"Counting it failed ({type(error).__name__}). Report it, and replay it after an update."
            _keep_aside([Refusal(0, "not_counted", sentence, {"signal": pk, "kind": kind})], at)
            PendingSignal.objects.filter(pk=pk).delete()

    in_transaction(work)


def count_again(signal_ids: Collection[int], at: datetime) -> None:
    """Let signals on record wait for the scorer as if they had just come, within the caller's transaction.

    Whatever was counted of them until now is taken back, so that nothing counts twice.
    """
    signals = list(Signal.objects.filter(pk__in=signal_ids).order_by("pk"))
    leads = _leads_of({signal.identity_id for signal in signals})
    PendingSignal.objects.bulk_create(
        [PendingSignal(signal=signal, at=signal.at) for signal in signals], ignore_conflicts=True
    )
    recount(sorted(set(leads.values())), at)


def _leads_of(identity_ids: set[int]) -> dict[int, int]:
    """The lead of each identity that has one, locked until the transaction ends.

    Whoever claims an identity counts its signals but for those that wait; so nobody may claim one while we decide
    that its signals are nobody's.
    """
    leads = _read_leads(identity_ids)
    if unowned := identity_ids - leads.keys():
        hold(sorted(unowned))
        leads |= _read_leads(unowned)
    held = set[int]()
    while not held.issuperset(leads.values()):
        held |= set(leads.values())
        lock(sorted(held))
        leads = _read_leads(identity_ids)  # until the locks were ours, people may have become one
    return leads


def _read_leads(identity_ids: set[int]) -> dict[int, int]:
    found = Identity.objects.filter(pk__in=identity_ids, person__lead__isnull=False)
    return dict(found.values_list("pk", "person__lead"))


def _fold(by_lead: dict[int, list[Observed]], at: datetime) -> None:
    lead_ids = sorted(by_lead)
    if not lead_ids:
        return
    recount_outdated(lead_ids, at)
    states, fold = states_of(lead_ids), rule(at).scorer.intent.fold
    for lead_id in lead_ids:
        fold(by_lead[lead_id], at, into=states[lead_id])
    keep(states)
