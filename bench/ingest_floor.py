"""The least that a server can do which stores events before it acknowledges them: one table, one unique index.

No write key, no identity, no quarantine, no counts, no check of any field. What it reaches beside the server that
only decodes and answers is what storing leaves of it, whoever writes the rest.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

Row = tuple[str, str, str, str, str]
TABLE = "CREATE TABLE IF NOT EXISTS floor (message_id text UNIQUE, who text, kind text, at text, properties text)"


class Floor:
    """Rows that wait, written in one transaction after another by a thread of its own."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._came = asyncio.Event()
        self._task = asyncio.create_task(self._run(_writer(os.environ["ASSAY_DATABASE"])))

    async def keep(self, rows: Sequence[Row]) -> None:
        """Return once they are stored for good."""
        done = asyncio.get_running_loop().create_future()
        self._rows += rows
        self._waiting.append(done)
        self._came.set()
        await done

    async def _run(self, write: Callable[[Sequence[Row]], None]) -> None:
        while await self._came.wait():
            self._came.clear()
            rows, waiting = self._rows, self._waiting
            self._rows, self._waiting = [], []
            await asyncio.to_thread(write, rows)
            for done in waiting:
                done.set_result(None)


def _writer(url: str) -> Callable[[Sequence[Row]], None]:
    if url.startswith("sqlite"):
        database = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False, isolation_level=None)
        database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLE}")

        def write(rows: Sequence[Row]) -> None:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR IGNORE INTO floor VALUES (?, ?, ?, ?, ?)", rows)
            database.execute("COMMIT")

        return write
    import psycopg

    server = psycopg.connect(url, autocommit=True)
    server.execute(TABLE)
    arrays = ", ".join(["%s::text[]"] * 5)

    def insert(rows: Sequence[Row]) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        server.execute(f"INSERT INTO floor SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING", columns)

    return insert


def _row(event: dict[str, Any]) -> Row:
    properties = msgspec.json.encode(event["properties"]).decode()
    return event["messageId"], event["anonymousId"], event["event"], event["timestamp"], properties


async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    """Decode, store, answer."""
    global floor
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            floor = Floor()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    event = msgspec.json.decode(body)
    await floor.keep([_row(one) for one in event.get("batch", (event,))])
    headers = [(b"content-type", b"application/json"), (b"content-length", b"16")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"success":true}'})


floor: Floor
