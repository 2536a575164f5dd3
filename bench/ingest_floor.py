"""The least that a server can do which stores events before it acknowledges them: one row a transaction.

No write key, no check of any field, nothing that looks for what came twice. What it reaches beside the server that
only decodes and answers is what storing leaves of it, whoever writes the rest.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable

import msgspec

TABLE = "CREATE TABLE IF NOT EXISTS floor (bodies {bytes})"


class Floor:
    """Rows that wait, written in one transaction after another by a thread of its own."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._came = asyncio.Event()
        self._task = asyncio.create_task(self._run(_writer(os.environ["ASSAY_DATABASE"])))

    async def keep(self, body: bytes) -> None:
        """Return once it is stored for good."""
        done = asyncio.get_running_loop().create_future()
        self._bodies.append(body)
        self._waiting.append(done)
        self._came.set()
        await done

    async def _run(self, write: Callable[[bytes], object]) -> None:
        while await self._came.wait():
            self._came.clear()
            bodies, waiting = self._bodies, self._waiting
            self._bodies, self._waiting = [], []
            await asyncio.to_thread(write, b"\n".join(bodies))
            for done in waiting:
                done.set_result(None)


def _writer(url: str) -> Callable[[bytes], object]:
    if url.startswith("sqlite"):
        database = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False, isolation_level=None)
        database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLE.format(bytes='blob')}")
        return lambda bodies: database.execute("INSERT INTO floor VALUES (?)", [bodies])
    import psycopg

    server = psycopg.connect(url, autocommit=True)
    server.execute(TABLE.format(bytes="bytea"))
    server.execute("ALTER TABLE floor ALTER COLUMN bodies SET STORAGE EXTERNAL")
    return lambda bodies: server.execute("INSERT INTO floor VALUES (%s)", [bodies])


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
    msgspec.json.decode(body)
    await floor.keep(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"16")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"success":true}'})


floor: Floor
