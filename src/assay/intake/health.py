"""Whether this process lives, whether it can serve, and its figures for Prometheus."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import msgspec
from django.db import Error, close_old_connections, connection

from assay.intake.collector.app import Header, Scope, Send, answer
from assay.intake.collector.group import Group
from assay.intake.metrics import Exposition, may_read, read_figures
from assay.records import triggers
from assay.records.tables import unapplied

Result = TypeVar("Result")

FRESH_SECONDS = 1.0
"""So long an answer holds: however many ask, the database is asked once a second."""
PATIENCE_SECONDS = 5.0
"""A database that takes longer counts as away."""

PLAIN: Header = (b"content-type", b"text/plain; charset=utf-8")
NO_STORE: Header = (b"cache-control", b"no-store")
OK = "ok"

log = logging.getLogger(__name__)


class Cached(Generic[Result]):
    """What a reading of the database found a moment ago; those who ask meanwhile wait for the same reading."""

    def __init__(self, read: Callable[[], Result], thread: ThreadPoolExecutor) -> None:
        self._read, self._thread = read, thread
        self._found: asyncio.Future[Result] | None = None
        self._at = float("-inf")

    async def __call__(self) -> Result:
        """What was found. Raises TimeoutError when it takes too long, and whatever the reading raised."""
        if self._found is None or (self._found.done() and time.monotonic() - self._at > FRESH_SECONDS):
            self._found = asyncio.get_running_loop().run_in_executor(self._thread, self._timed)
        return await asyncio.wait_for(asyncio.shield(self._found), PATIENCE_SECONDS)

    def _timed(self) -> Result:
        try:
            close_old_connections()  # one that broke since is made anew
            return self._read()
        finally:
            self._at = time.monotonic()


class Health:
    """The door at /health/live, /health/ready and /metrics, for one process and its ``group`` of writers."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assay-health")
        self._checks = Cached(_checks, self._thread)
        self._figures = Cached(read_figures, self._thread)
        self._exposition = Exposition()

    async def __call__(self, scope: Scope, send: Send) -> None:
        """Answer one request to one of the three."""
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, b"Ask by GET.\n", [NO_STORE, (b"allow", b"GET, HEAD")], PLAIN)
        elif scope["path"] == "/metrics":
            await self._metrics(scope, send)
        elif scope["path"] == "/health/live":
            await answer(send, 200, b'{"live":true}', [NO_STORE])
        elif scope["path"] == "/health/ready":
            await self._ready(send)
        else:
            await answer(send, 404, b"Ask for /health/live or /health/ready.\n", [NO_STORE], PLAIN)

    async def stop(self) -> None:
        """Close the connection to the database."""
        await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: connection.close()
        )  # its own, not this thread's
        self._thread.shutdown()

    async def _ready(self, send: Send) -> None:
        try:
            checks = dict(await self._checks())
        except (Error, TimeoutError) as error:
            log.warning("not ready, the database does not answer: %s", error)
            checks = {"database": "does not answer"}
        checks["collector"] = OK if self._group.healthy else "the last writing failed"
        ready = set(checks.values()) == {OK}
        body = msgspec.json.encode({"ready": ready, "checks": checks})
        await answer(send, 200 if ready else 503, body, [NO_STORE])

    async def _metrics(self, scope: Scope, send: Send) -> None:
        headers = dict(scope["headers"])
        if not may_read(scope.get("client"), headers):
            said = b"Ask from this machine itself, or with the token of ASSAY_METRICS_TOKEN.\n"
            await answer(send, 403, said, [NO_STORE], PLAIN)
            return
        try:
            figures = await self._figures()
        except (Error, TimeoutError) as error:
            log.warning("the figures of the intake could not be read: %s", error)
            figures = None
        body, kind = self._exposition(figures, headers.get(b"accept", b"").decode("latin-1"))
        await answer(send, 200, body, [NO_STORE], (b"content-type", kind.encode()))


def _checks() -> Mapping[str, str]:
    """What can be wrong with the database, by name."""
    lacking = unapplied()  # this asks the database first
    return {
        "database": OK,
        "migrations": f"{len(lacking)} to apply" if lacking else OK,
        "triggers": f"missing: {', '.join(sorted(missing))}" if (missing := triggers.missing(connection)) else OK,
    }
