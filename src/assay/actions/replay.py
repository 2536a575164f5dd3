"""What went to the quarantine is tried once more: events go in after all, signals that were set aside are counted."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeAlias

from django.db.models import QuerySet

from assay.actions.counting import count_again
from assay.actions.receive import Arrival, Rejected, store
from assay.actions.writing import in_transaction, update
from assay.records.models import Quarantine, Signal

Again: TypeAlias = Callable[[Quarantine], Arrival | Rejected]
"""Takes an event through the collector's steps once more."""

AT_ONCE = 200
NOT_KEPT = "no_consent"
"""Of somebody who has said no nothing is kept, in the quarantine neither."""


class Replayed(NamedTuple):
    """How many events were stored, were on record already, wait to be counted, and could still not be taken."""

    stored: int = 0
    known: int = 0
    waiting: int = 0
    refused: int = 0

    def __add__(self, other: object) -> "Replayed":
        if not isinstance(other, Replayed):
            return NotImplemented
        return Replayed(*(one + another for one, another in zip(self, other, strict=True)))

    @property
    def taken(self) -> int:
        """Those that need no further look."""
        return self.stored + self.known + self.waiting


def open_rows() -> QuerySet[Quarantine]:
    """What came over HTTP, could not be used, and was not replayed yet."""
    return Quarantine.objects.filter(imported_by=None, replayed_at=None)


def replay(row_ids: Sequence[int], at: datetime, again: Again) -> Replayed:
    """Try rows of the quarantine once more, in one transaction. One that was replayed before does nothing.

    What still cannot be taken stays where it is, with the reason it has now.
    """
    return in_transaction(partial(_replay, row_ids, at, again))


def replay_all(code: str, at: datetime, again: Again) -> Replayed:
    """Try everything once more that was refused for one reason, a part at a time."""
    done = Replayed()
    for row_ids in _parts(open_rows().filter(code=code)):
        done += replay(row_ids, at, again)
    return done


def _parts(rows: QuerySet[Quarantine]) -> Iterator[list[int]]:
    """The ids of rows, each once, whatever becomes of them on the way."""
    last = 0
    while row_ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield row_ids
        last = row_ids[-1]


def _replay(row_ids: Sequence[int], at: datetime, again: Again) -> Replayed:
    held = open_rows().select_for_update(of=("self",)).select_related("key").filter(pk__in=row_ids).order_by("pk")
    events, set_aside, refused = dict[Quarantine, Arrival](), dict[Quarantine, int](), list[Quarantine]()
    for row in held:
        if row.key is not None:
            outcome = again(row)
            if isinstance(outcome, Arrival):
                events[row] = outcome
            else:
                row.code, row.sentence = outcome.code, outcome.sentence
                refused.append(row)
        elif isinstance(signal := row.raw.get("signal"), int) and signal:
            set_aside[row] = signal
        else:
            refused.append(row)
    stored = store(list(events.values())).total() if events else 0
    waiting = _wait_again(set_aside, at)
    _mark([*events, *set_aside], at)
    _keep(refused)
    return Replayed(stored, len(events) - stored, waiting, len(refused))


def _wait_again(rows: dict[Quarantine, int], at: datetime) -> int:
    """Signals on record wait for the scorer once more; one that was erased since waits no more."""
    there = list(Signal.objects.filter(pk__in=rows.values()).values_list("pk", flat=True)) if rows else []
    if there:
        count_again(there, at)
    return len(there)


def _mark(rows: Sequence[Quarantine], at: datetime) -> None:
    Quarantine.objects.filter(pk__in=[row.pk for row in rows]).update(replayed_at=at)


def _keep(rows: Sequence[Quarantine]) -> None:
    update(Quarantine, [row for row in rows if row.code != NOT_KEPT], ["code", "sentence"])
    Quarantine.objects.filter(pk__in=[row.pk for row in rows if row.code == NOT_KEPT]).delete()
