"""The door for events of a running program: a key for it, and what came through."""

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.e2e.server import DATABASE, Server

PATIENCE = 20.0
Rule = dict[str, str]
PAGES_OF_PRICES: Rule = {"path": "/pricing*", "kind": "pricing_view"}


class Stored(NamedTuple):
    """A signal, and whom it hangs on."""

    kind: str
    who: str
    value: str
    url: str
    bot: str
    properties: dict[str, Any]


def make_key(server: Server, key: str, *rules: Rule, rate: int = 0) -> str:
    """A write key of that text, for a website of its own; 0 is no limit, else events a second."""
    with closing(sqlite3.connect(server.home / DATABASE, timeout=PATIENCE)) as database, database:
        source = database.execute("INSERT INTO records_source (name) VALUES (?)", [f"Website {key}"]).lastrowid
        database.execute(
            "INSERT INTO records_writekey (name, key, source_id, source_of_visit, rules, origins, rate, created_at)"
            " VALUES (?, ?, ?, false, ?, '[]', ?, ?)",
            [f"Website {key}", key, source, json.dumps(rules), rate, datetime.now(UTC).isoformat(" ")],
        )
    _wait_until_known(server, key)
    return key


def _wait_until_known(server: Server, key: str) -> None:
    """An unknown key is looked up at most once a second, so a new one may be refused at first."""
    body = json.dumps({"writeKey": key, "batch": []}).encode()
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(Request(f"{server.url}/v1/batch", body), timeout=PATIENCE).close()
        except HTTPError as error:
            if error.code != 401 or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def wait_until_sorted(server: Server) -> None:
    """Events land first; the worker looks at them soon after."""
    deadline = time.monotonic() + PATIENCE
    while server.has("landed"):
        assert time.monotonic() < deadline, "Nobody sorts what landed."
        time.sleep(0.1)


def stored(server: Server, key: str) -> list[Stored]:
    """What came in with a key, in the order of storing."""
    query = """
        SELECT signal.kind, identity.kind, identity.value, signal.url, signal.bot_reason, signal.properties
        FROM records_signal AS signal
        JOIN records_identity AS identity ON identity.id = signal.identity_id
        JOIN records_writekey AS write_key ON write_key.id = signal.key_id
        WHERE write_key.key = ?
        ORDER BY signal.id
    """
    with closing(sqlite3.connect(server.home / DATABASE)) as database:
        rows = database.execute(query, [key]).fetchall()
    return [Stored(kind, who, value, url, bot, json.loads(told)) for kind, who, value, url, bot, told in rows]


def wait_for(server: Server, key: str, count: int, pause: Callable[[float], object] = time.sleep) -> Sequence[Stored]:
    """What came in with a key, once it is that much; `pause` gets seconds and lets a browser of ours go on."""
    deadline = time.monotonic() + PATIENCE
    while len(found := stored(server, key)) < count and time.monotonic() < deadline:
        pause(0.1)
    assert len(found) == count, f"Not {count} but {len(found)} signals: {found}"
    return found


def people_of(server: Server, *values: str) -> dict[str, int]:
    """Whose these visitors, users and addresses are, as far as it is known."""
    marks = ", ".join("?" * len(values))
    query = f"SELECT value, person_id FROM records_identity WHERE person_id IS NOT NULL AND value IN ({marks})"
    with closing(sqlite3.connect(server.home / DATABASE)) as database:
        return dict(database.execute(query, values).fetchall())
