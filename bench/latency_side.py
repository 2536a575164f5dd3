"""The processes of bench/latency.py: people to act, a steady load, and somebody who watches the inbox."""

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

KEY = "load"  # made by tests.crash.side
KNOWN = 2_000
BROWSERS = 5_000
PROBES = 400
RATE = 1_000
"""Events a second: half of known people and half of unknown browsers; half of them singly, half in batches of 20."""
TICK = 0.05
CONNECTIONS = 16
BATCH = 20


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
    django.setup()


def prepare() -> None:
    """Known people, some of whom will ask for a demo."""
    _django()
    from assay.actions.actors import INTAKE
    from assay.actions.capture import capture
    from assay.actions.writing import in_transaction
    from tests.people import a_row

    at = datetime.now(UTC)
    for start in range(0, KNOWN + PROBES, 500):
        numbers = range(start, min(start + 500, KNOWN + PROBES))
        rows = [
            a_row(f"p{number}@f{number % 300}.example", user_id=f"u{number}", name=f"P {number}") for number in numbers
        ]
        in_transaction(lambda: capture(rows, INTAKE, at))  # noqa: B023 - called at once


def probe(port: int, seconds: float) -> list[float]:
    """Ask for a demo in the name of one person after another; how long each took to stand in the inbox."""
    _django()
    from django.db import connection

    from assay.records.models import Identity, Lead

    time.sleep(2)  # until the load is steady
    waits: list[float] = []
    end = time.monotonic() + seconds - 4
    number = KNOWN
    while time.monotonic() < end and number < KNOWN + PROBES:
        person = Identity.objects.get(kind="user", value=f"u{number}").person_id
        body = json.dumps({"writeKey": KEY, "userId": f"u{number}", "event": "Demo Request"}).encode()
        start = time.perf_counter()
        urlopen(Request(f"http://127.0.0.1:{port}/v1/track", data=body, method="POST"), timeout=30).close()
        while not Lead.objects.filter(person=person, rung="mql").exists():
            time.sleep(0.005)
            if time.perf_counter() - start > 60:
                raise RuntimeError("a lead did not come to the inbox within a minute")
        waits.append(time.perf_counter() - start)
        number += 1
        time.sleep(max(0.0, 0.2 - waits[-1]))
    connection.close()
    return waits


class Sender(asyncio.Protocol):
    """One connection, and whether it waits for an answer."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.free.set()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._answer.endswith(b"}"):
            if not self._answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(self._answer.decode())
            self._answer = b""
            self.free.set()

    def send(self, body: bytes) -> None:
        self.free.clear()
        head = b"POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


def _event(number: int) -> dict[str, Any]:
    who = {"userId": f"u{number % KNOWN}"} if number % 2 else {"anonymousId": f"v{number % BROWSERS}"}
    page = {"url": "https://www.example.com/blog/1", "path": "/blog/1", "referrer": "https://search.example/"}
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    now = datetime.now(UTC).isoformat()
    return {
        "type": "page",
        "messageId": f"l{number}",
        "timestamp": now,
        **who,
        "context": {"page": page, "userAgent": agent},
    }


async def load(port: int, seconds: float) -> tuple[int, float]:
    """Send so many events a second for so long; how many that were, and how long it took."""
    loop = asyncio.get_running_loop()
    senders = [(await loop.create_connection(Sender, "127.0.0.1", port))[1] for _ in range(CONNECTIONS)]
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def work(sender: Sender) -> None:
        while (body := await queue.get()) is not None:
            sender.send(body)
            await sender.free.wait()

    workers = [asyncio.create_task(work(sender)) for sender in senders]
    start, number = time.monotonic(), 0
    while (passed := time.monotonic() - start) < seconds:
        while number < passed * RATE:
            size = BATCH if number % 40 < BATCH else 1
            queue.put_nowait(json.dumps({"writeKey": KEY, "batch": [_event(number + k) for k in range(size)]}).encode())
            number += size
        await asyncio.sleep(TICK)
    for _ in workers:
        queue.put_nowait(None)
    await asyncio.gather(*workers)
    return number, time.monotonic() - start


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["probe", port, seconds]:
            json.dump(probe(int(port), float(seconds)), sys.stdout)
        case ["load", port, seconds]:
            json.dump(asyncio.run(load(int(port), float(seconds))), sys.stdout)
