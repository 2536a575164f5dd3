"""Events over HTTP are stored as they came, many in one row, and sorted after their senders have been answered.

A sender waits for one small writing only. Whose the events are, and which came before, is found out by the scorer's
process: for many requests at once, which costs less.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import msgspec
import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from assay.actions.receive import Arrival, Rejected, Tally, count, receive_within
from assay.actions.writing import in_transaction
from assay.records.models import Landed

AWAY = (OperationalError, InterfaceError)
"""The database is away: that is no fault of an event."""

LOOK_MILLISECONDS = 8
"""SQLite looks after 1, 3 and 8 milliseconds, then we ask anew. Less than REST_SECONDS of the scorer."""
PATIENCE_SECONDS = 10.0
"""So long the writers of other processes may hold up what comes in."""

LOOKED_AT = 50
"""Rows that are looked at for as many events as are to be sorted at once."""

log = logging.getLogger(__name__)


class Sent(msgspec.Struct, frozen=True, gc=False):
    """A batch as it came: so many ``events`` of a write key; ``content`` is JSON that only its opener reads."""

    key: int
    events: int
    content: msgspec.Raw


class Landing(msgspec.Struct, gc=False):
    """What came in: events that went through the steps, those that could not, and batches that did not yet."""

    arrivals: list[Arrival] = []
    rejected: list[Rejected] = []
    sent: list[Sent] = []

    @property
    def events(self) -> int:
        """How many events these are."""
        return len(self.arrivals) + len(self.rejected) + sum([batch.events for batch in self.sent])

    def add(self, other: "Landing") -> None:
        """Take in another."""
        self.arrivals += other.arrivals
        self.rejected += other.rejected
        self.sent += other.sent

    def keys(self) -> Counter[int]:
        """How many events by write key."""
        keys = Counter([arrival.key for arrival in self.arrivals] + [event.key for event in self.rejected])
        for batch in self.sent:
            keys[batch.key] += batch.events
        return keys


class Opened(NamedTuple):
    """A batch that went through the steps."""

    arrivals: Sequence[Arrival]
    rejected: Sequence[Rejected]
    refused: Tally


Opener = Callable[[Sequence[Sent]], Opened]
"""Takes batches through the steps."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Landing).decode


def land(landing: Landing, refused: Tally, at: datetime) -> None:
    """Store what came in, in one transaction, and count what was ``refused``. Nothing of it is lost after this."""
    insert = partial(_insert, at, landing.events, _encode(landing)) if landing.events else None

    def work() -> None:
        if insert:
            insert()
        count(+refused, at)

    # One statement is a transaction by itself.
    _promptly(insert if insert and not refused else partial(in_transaction, work))


def _promptly(write: Callable[[], None]) -> None:
    """Write as soon as nobody else does.

    SQLite looks whether the other writer has done less and less often, ten times a second in the end: whoever writes
    one transaction after another, as those who sort do, would hardly ever be found resting.
    """
    if connection.vendor != "sqlite":
        write()
        return
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA busy_timeout = {LOOK_MILLISECONDS}")
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            write()
            return
        except OperationalError as error:
            if "database is locked" not in str(error) or time.monotonic() > end:
                raise


def _insert(at: datetime, events: int, content: bytes) -> None:
    connection.ensure_connection()
    # The drivers' own cursors: Django's would write the content into the statement, twice as long.
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with psycopg.Cursor(connection.connection) as cursor:
                cursor.execute(INSERT, [at, events, content], prepare=True)
        else:
            moment = connection.ops.adapt_datetimefield_value(at)
            connection.connection.execute(INSERT.replace("%s", "?"), [moment, events, content])


INSERT = "INSERT INTO records_landed (at, events, content) VALUES (%s, %s, %s)"


def sort_landed(most: int, opener: Opener) -> int:
    """Sort the oldest of what landed, about ``most`` events, in one transaction. Returns how many events these were.

    Identities, signals, counts, and that they wait no more, commit together: a crash repeats nothing and loses
    nothing. Several processes may do this at once.
    """
    return in_transaction(partial(_sort, most, opener))


def _sort(most: int, opener: Opener) -> int:
    rows = _take(most)
    if not rows:
        return 0
    landings = [_decode(bytes(row.content)) for row in rows]
    batches = opener([batch for landing in landings for batch in landing.sent])
    arrivals = [arrival for landing in landings for arrival in landing.arrivals]
    rejected = [event for landing in landings for event in landing.rejected]
    receive_within([*arrivals, *batches.arrivals], [*rejected, *batches.rejected], batches.refused, rows[0].at)
    return _done(rows)


def sort_singly(opener: Opener) -> int:
    """Sort the oldest row that landed event by event, in one transaction: one that cannot be kept is set aside.

    For when sorting several together fails. Returns how many events these were.
    """
    return in_transaction(partial(_sort_singly, opener))


def _sort_singly(opener: Opener) -> int:
    rows = _take(1)
    for row in rows:
        landing = _decode(bytes(row.content))
        batches = opener(landing.sent)
        rejected = [*landing.rejected, *batches.rejected]
        for arrival in [*landing.arrivals, *batches.arrivals]:
            try:
                with transaction.atomic():
                    receive_within([arrival], [], Counter(), row.at)
            except AWAY:
                raise
            except Exception as error:
                log.exception("an event was set aside")
                rejected.append(set_aside(arrival.key, {"arrival": msgspec.to_builtins(arrival)}, row.at, error))
        receive_within([], rejected, batches.refused, row.at)
    return _done(rows)


def set_aside(key: int, raw: object, at: datetime, error: Exception) -> Rejected:
    """An event that a fault of ours keeps from being stored: it must neither be lost nor hold up the others."""
    sentence = f"Storing it failed ({type(error).__name__}). Report it, and replay it after an update."
    return Rejected(key, "not_counted", sentence, raw, at)


def _take(most: int) -> list[Landed]:
    """The oldest rows of one minute that nobody else is sorting; one at least."""
    due: QuerySet[Landed] = Landed.objects.order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = list(due.defer("content")[:LOOKED_AT])
    chosen, events = list[int](), 0
    for row in rows:
        events += row.events
        if chosen and (events > most or row.minute != rows[0].minute):
            break
        chosen.append(row.pk)
    return list(Landed.objects.filter(pk__in=chosen).order_by("pk")) if chosen else []


def _done(rows: Iterable[Landed]) -> int:
    Landed.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return sum(row.events for row in rows)
