"""How events that came over HTTP are kept: many of them in one transaction, each message id once.

Here the database works through a whole batch in a few statements, from one JSON text: a statement a row would cost
several times as much, and would hold up the server that waits beside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from os import getpid
from typing import NamedTuple

import msgspec
import psycopg
from django.db import connection

from assay.actions.writing import in_transaction, insert_values
from assay.domain.contact import email_identity
from assay.domain.identity import IdentityKind, Key
from assay.domain.kinds import STATEMENTS
from assay.records.models import Quarantine
from assay.records.privacy import anybody_erased, erased

Tally = Counter[tuple[int, str, str]]
"""How many events, by write key, outcome (accepted, duplicate, quarantined, refused) and reason."""


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """An event ready to be kept. Times are ISO 8601 in UTC; ``properties`` is JSON text; ``who`` names an identity."""

    message_id: str
    who: str
    name: str
    kind: str
    at: str
    received_at: str
    url: str
    bot: bool
    bot_reason: str
    properties: str
    key: int


class Rejected(NamedTuple):
    """An event that cannot be kept as a signal, and is kept as it came."""

    key: int
    code: str
    sentence: str
    raw: object
    received_at: datetime


def receive(arrivals: Sequence[Arrival], rejected: Sequence[Rejected], refused: Tally, at: datetime) -> Tally:
    """Keep events, in one transaction. Returns what became of all of them, those already ``refused`` included.

    A signal waits in PendingSignal until the scorer has counted it. A message id on record already does nothing.
    """
    return in_transaction(lambda: receive_within(arrivals, rejected, refused, at))


def receive_within(arrivals: Sequence[Arrival], rejected: Sequence[Rejected], refused: Tally, at: datetime) -> Tally:
    """The same within the caller's transaction."""
    tally = Counter(refused)
    arrivals, unwanted = _part(arrivals)
    tally.update((arrival.key, "refused", "erased") for arrival in unwanted)
    if arrivals:
        stored = store(arrivals)
        for key, sent in Counter(arrival.key for arrival in arrivals).items():
            tally[key, "accepted", ""] += stored[key]
            tally[key, "duplicate", ""] += sent - stored[key]
    if rejected:
        rows = ((entry.key or None, entry.code, entry.sentence, entry.raw, entry.received_at, 0) for entry in rejected)
        insert_values(Quarantine, ("key", "code", "sentence", "raw", "received_at", "line"), rows)
        tally.update((entry.key, "quarantined", entry.code) for entry in rejected)
    count(+tally, at)
    return tally


def _part(arrivals: Sequence[Arrival]) -> tuple[Sequence[Arrival], Sequence[Arrival]]:
    """Those to keep, and those that name somebody who was erased."""
    if not arrivals or not anybody_erased():
        return arrivals, ()
    named = [_named(arrival) for arrival in arrivals]
    gone = erased(key for keys in named for key in keys)
    pairs = [(arrival, gone.isdisjoint(keys)) for arrival, keys in zip(arrivals, named, strict=True)]
    return [arrival for arrival, wanted in pairs if wanted], [arrival for arrival, wanted in pairs if not wanted]


def _named(arrival: Arrival) -> list[Key]:
    """The identities an event names: of behaviour whose it is, of a statement all it says are one."""
    keys: list[Key] = [(arrival.who, arrival.name)]
    if arrival.kind in STATEMENTS:
        ids = _said.decode(arrival.properties).ids
        keys += [(IdentityKind.USER, ids[name]) for name in ("user_id", "previous_id") if name in ids]
        addresses = map(email_identity, (ids[name] for name in ("email", "previous_id") if "@" in ids.get(name, "")))
        keys += [(IdentityKind.EMAIL, address) for address in addresses if address]
    return keys


class _Said(msgspec.Struct):
    """What is read of a statement here."""

    ids: dict[str, str] = {}


_said = msgspec.json.Decoder(_Said)


def count(tally: Mapping[tuple[int, str, str], int], at: datetime) -> None:
    """Add to the counts of the minute."""
    if not tally:
        return
    minute = str(connection.ops.adapt_datetimefield_value(at.replace(second=0, microsecond=0)))
    rows = [
        (minute, key, outcome, reason, getpid(), number) for (key, outcome, reason), number in sorted(tally.items())
    ]
    values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_intakecount (minute, write_key, outcome, reason, process, count) "
            f"VALUES {values} ON CONFLICT (minute, write_key, outcome, reason, process) "  # nosec B608 - only %s
            "DO UPDATE SET count = records_intakecount.count + excluded.count",
            [value for row in rows for value in row],
        )


def store(arrivals: Sequence[Arrival]) -> Counter[int]:
    """Write identities, signals and what waits, within the caller's transaction; how many were new, by write key."""
    document = msgspec.json.encode(arrivals).decode()
    if connection.vendor == "postgresql":
        return _store_postgresql(document)
    return _store_sqlite(document, arrivals)


def _store_sqlite(document: str, arrivals: Sequence[Arrival]) -> Counter[int]:
    # The driver's own cursor: Django's reads every statement for its placeholders, each time.
    with connection.wrap_database_errors:
        execute = connection.connection.execute
        (last,) = execute("SELECT coalesce(max(id), 0) FROM records_signal").fetchone()
        execute(IDENTITIES_SQLITE, [document])
        new = execute(SIGNALS_SQLITE, [document]).rowcount
        execute(PENDING_SQLITE, [last])
        if new == len(arrivals):
            return Counter(arrival.key for arrival in arrivals)
        return Counter(dict(execute(NEW_SQLITE, [last])))


def _store_postgresql(document: str) -> Counter[int]:
    # Django's own cursor would write the document into the statement, to be read again and again.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(IDENTITIES_POSTGRESQL, [document], prepare=True)
        cursor.execute(SIGNALS_POSTGRESQL, [document], prepare=True)
        return Counter(dict(cursor.fetchall()))


# The columns of an arrival are its fields. Both sort what they insert, so that two writers cannot cross.

_COLUMNS = (
    "message_id text, who text, name text, kind text, at timestamptz, received_at timestamptz, url text, "
    "bot boolean, bot_reason text, properties text, key bigint"
)
_EVENTS = f"jsonb_to_recordset(%s::jsonb) AS event({_COLUMNS})"
# What is said first is counted first, so signals are numbered as they came, in whatever order they are then inserted.
_NAMES = [column.split()[0] for column in _COLUMNS.split(", ")]
_NUMBERED = (
    "("  # nosec B608 - names and %s, here and below
    "SELECT nextval(pg_get_serial_sequence('records_signal', 'id')) AS signal_id, told.* FROM (SELECT * FROM "
    f"ROWS FROM (jsonb_to_recordset(%s::jsonb) AS ({_COLUMNS})) WITH ORDINALITY AS event({', '.join(_NAMES)}, place) "
    "ORDER BY place) told) event"
)
IDENTITIES_POSTGRESQL = (
    "INSERT INTO records_identity (kind, value, created_at) "  # nosec B608
    f"SELECT who, name, min(received_at) FROM {_EVENTS} GROUP BY who, name ORDER BY who, name ON CONFLICT DO NOTHING"
)
_SIGNAL = (
    "INSERT INTO records_signal "
    "({id}message_id, identity_id, kind, at, received_at, url, bot, bot_reason, properties, key_id) "
)
SIGNALS_POSTGRESQL = (
    f"WITH stored AS ({_SIGNAL.format(id='id, ')}"  # nosec B608
    "SELECT event.signal_id, event.message_id, identity.id, event.kind, event.at, event.received_at, event.url, "
    f"event.bot, event.bot_reason, event.properties::jsonb, event.key FROM {_NUMBERED} "
    "LEFT JOIN records_identity identity ON identity.value = event.name AND identity.kind = event.who "
    "ORDER BY event.message_id ON CONFLICT DO NOTHING RETURNING id, at, key_id), "
    "waiting AS (INSERT INTO records_pendingsignal (signal_id, at) SELECT id, at FROM stored) "
    "SELECT key_id, count(*) FROM stored GROUP BY key_id"
)
IDENTITIES_SQLITE = (
    "INSERT OR IGNORE INTO records_identity (kind, value, created_at) "
    "SELECT value ->> 'who', value ->> 'name', min(value ->> 'received_at') FROM json_each(?) GROUP BY 1, 2"
)
SIGNALS_SQLITE = (
    f"{_SIGNAL.format(id='')}"  # nosec B608
    "SELECT event.value ->> 'message_id', identity.id, event.value ->> 'kind', event.value ->> 'at', "
    "event.value ->> 'received_at', event.value ->> 'url', event.value ->> 'bot', event.value ->> 'bot_reason', "
    "event.value ->> 'properties', event.value ->> 'key' FROM json_each(?) event "
    "CROSS JOIN records_identity identity "
    "WHERE identity.value = event.value ->> 'name' AND identity.kind = event.value ->> 'who' "
    "ON CONFLICT (message_id) DO NOTHING"
)
PENDING_SQLITE = "INSERT INTO records_pendingsignal (signal_id, at) SELECT id, at FROM records_signal WHERE id > ?"
NEW_SQLITE = "SELECT key_id, count(*) FROM records_signal WHERE id > ? GROUP BY 1"
