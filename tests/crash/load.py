"""A client that sends and sends, remembers what was acknowledged, and sends again what was not."""

import asyncio
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

KEY = "load"
PEOPLE = 40
CONNECTIONS = 8
PAUSE = 0.01
AGAIN = 0.05
ANSWER_SECONDS = 20
EVENTS = ("Page View", "Pricing View", "Demo Request", "Product Milestone", "Careers View")


def event(number: int, chance: random.Random) -> dict[str, Any]:
    """An event of one of the people: of their browser, of their user id, or that both are one."""
    person = number % PEOPLE
    at = datetime.now(UTC) - timedelta(seconds=chance.randrange(20 * 86_400))
    said: dict[str, Any] = {"messageId": f"m{number}", "timestamp": at.isoformat()}
    if chance.random() < 0.1:
        traits = {"email": f"p{person}@f{person % 5}.example", "name": f"Person {person}", "title": "CEO"}
        return {**said, "type": "identify", "userId": f"u{person}", "anonymousId": f"v{person}", "traits": traits}
    who = {"userId": f"u{person}"} if chance.random() < 0.3 else {"anonymousId": f"v{person}"}
    return {**said, **who, "type": "track", "event": chance.choice(EVENTS)}


class Load:
    """Senders on one port. ``made`` are the ids of all events, ``acknowledged`` of those the server has confirmed.

    ``known`` are the addresses of the people who said who they are.
    """

    def __init__(self, port: int, seed: int) -> None:
        self._port, self._chance = port, random.Random(seed)  # nosec B311 - no secret
        self.made: set[str] = set()
        self.acknowledged: set[str] = set()
        self.known: set[str] = set()
        self.refused = 0
        self._number = 0
        self.wanted = True

    async def run(self) -> None:
        """Send until nobody wants more, and then until all of it was acknowledged."""
        await asyncio.gather(*(self._connection() for _ in range(CONNECTIONS)))

    async def _connection(self) -> None:
        events: list[dict[str, Any]] = []
        writer: asyncio.StreamWriter | None = None
        while self.wanted or events:
            events = events or self._next()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.write(self._request(events))
                status = await asyncio.wait_for(_status(reader), ANSWER_SECONDS)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                if writer is not None:
                    writer.close()
                writer = None
                await asyncio.sleep(AGAIN)
                continue
            if status == 200:
                self.acknowledged.update(said["messageId"] for said in events)
                events = []
            else:
                self.refused += 1
            await asyncio.sleep(PAUSE if status == 200 else AGAIN)
        if writer is not None:
            writer.close()

    def _next(self) -> list[dict[str, Any]]:
        count = self._chance.choice((1, 1, 1, 5, 20))
        events = [event(self._number + step, self._chance) for step in range(count)]
        self._number += count
        self.made.update(said["messageId"] for said in events)
        self.known.update(said["traits"]["email"] for said in events if said["type"] == "identify")
        return events

    def _request(self, events: list[dict[str, Any]]) -> bytes:
        body = json.dumps({"writeKey": KEY, "batch": events}).encode()
        head = f"POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n\r\n"
        return head.encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = head.partition("content-length: ")[2].partition("\r\n")[0]
    await reader.readexactly(int(length))
    return int(head.split(" ", 2)[1])


@contextmanager
def sending(port: int, seed: int) -> Iterator[Load]:
    """A load in a thread of its own; at the end of the block all of it has been acknowledged."""
    load = Load(port, seed)
    thread = threading.Thread(target=lambda: asyncio.run(load.run()), daemon=True)
    thread.start()
    try:
        yield load
    finally:
        load.wanted = False
        thread.join(60)
