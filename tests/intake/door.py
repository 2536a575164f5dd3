"""Requests to an ASGI application, without a server around it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from assay.intake.collector.app import Collector
from assay.intake.collector.batches import sort_everything
from assay.intake.collector.group import Group
from assay.intake.health import Health

App = Callable[[Any, Any, Any], Awaitable[None]]


class Request(NamedTuple):
    """What is asked, by whom."""

    path: str
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    client: tuple[str, int] | None = ("127.0.0.1", 50_000)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


async def ask(app: App, request: Request) -> Answer:
    """One request."""
    path, _, query = request.path.partition("?")
    raw = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    scope = {
        "type": "http",
        "method": request.method,
        "path": path,
        "query_string": query.encode(),
        "headers": raw,
        "client": request.client,
        "scheme": "http",
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *parts = sent
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], told, b"".join(part["body"] for part in parts))


def ask_collector(*requests: Request) -> list[Answer]:
    """Requests to a collector that starts before them and ends after them; what it takes in is sorted then."""

    async def run() -> list[Answer]:
        collector = Collector()
        await collector.start()
        try:
            return [await ask(collector, request) for request in requests]
        finally:
            await collector.stop()

    answers = asyncio.run(run())
    sort_everything()
    return answers


def ask_health(*requests: Request, healthy: bool = True) -> list[Answer]:
    """Requests to /health and /metrics of a process whose last writing went through, or did not."""

    async def run() -> list[Answer]:
        group = Group(lambda *_: nobody_writes())
        group.healthy = healthy
        health = Health(group)
        try:
            return [await ask(lambda scope, _, send: health(scope, send), request) for request in requests]
        finally:
            await health.stop()

    return asyncio.run(run())


def nobody_writes() -> Any:
    """Nobody writes here."""
    raise AssertionError("something was written")


def batch(key: str, events: Sequence[dict[str, Any]], **said: Any) -> Request:
    """A batch of events."""
    body = msgspec.json.encode({"batch": list(events), "writeKey": key, **said})
    return Request("/v1/batch", "POST", body, {"content-type": "application/json"})
