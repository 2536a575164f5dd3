"""A little of what a website sends, good and bad, so that Intake has something to show."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

from assay.demo.website import KEY
from tests.e2e.server import Server

PATIENCE = 20.0
SITE = "https://www.firm.example"
PATHS = ("/", "/pricing", "/blog/closing-in-three-days", "/pricing/teams", "/contact", "/")
TWO = ("anna", "hanna")

Event = Mapping[str, Any]


def send_some(server: Server) -> None:
    """Visits, events nobody can use, and two people whose ids come together; then wait until all are counted."""
    _send(server, [*_visits(), *_unusable()])
    for user in TWO:
        _send(server, [_identify(user, user)])
    _send(server, [_identify(*TWO)])
    deadline = time.monotonic() + PATIENCE
    while not server.has("quarantine", "code = 'two_people'"):
        if time.monotonic() > deadline:
            raise RuntimeError("what was sent was not counted")
        time.sleep(0.1)


def _send(server: Server, events: Sequence[Event]) -> None:
    body = json.dumps({"writeKey": KEY, "batch": events}).encode()
    urlopen(Request(f"{server.url}/v1/batch", body), timeout=PATIENCE).close()


def _visits() -> Iterator[Event]:
    for number in range(24):
        path = PATHS[number % len(PATHS)]
        properties = {"url": f"{SITE}{path}", "path": path}
        yield {"type": "page", "anonymousId": f"visitor-{number % 7}", "properties": properties}


def _unusable() -> Iterator[Event]:
    yield {"type": "track", "event": "Demo Requested", "properties": {"plan": "pro"}}
    yield {"type": "track", "event": "Signed Up", "anonymousId": "visitor-1", "timestamp": "yesterday"}
    yield {"type": "page", "anonymousId": 5.5}
    later = datetime.now(UTC) + timedelta(days=3_000)
    yield {"type": "track", "event": "Signed Up", "anonymousId": "visitor-1", "timestamp": later.isoformat()}


def _identify(user: str, mailbox: str) -> Event:
    return {"type": "identify", "userId": user, "traits": {"email": f"{mailbox}@north.example", "name": "A. North"}}
