"""Requests to the tracker's door, without a server around it."""

import asyncio
from typing import Any, NamedTuple

from assay.intake.tracker import PATH, serve


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(query: str = "", method: str = "GET", **headers: str) -> Answer:
    """Ask for the script, with headers by name."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": PATH, "query_string": query.encode(), "headers": raw}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(serve(scope, receive, send))
    start, *parts = sent
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], told, b"".join(part["body"] for part in parts))
