"""A busy process ends its connections; one with a single reader keeps them."""

import asyncio

from assay.evenly import CLOSE, Evenly, Message, Receive, Scope, Send

START = {"type": "http.response.start", "status": 200, "headers": [(b"vary", b"Cookie")]}


async def headers(together: int) -> list[list[tuple[bytes, bytes]]]:
    """The headers of so many answers, all asked for before the first one is given."""
    asked, given = asyncio.Event(), []
    waiting = 0

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal waiting
        waiting += 1
        if waiting == together:
            asked.set()
        await asked.wait()
        await send(dict(START))

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        given.append(message["headers"])

    evenly = Evenly(application)
    await asyncio.gather(*(evenly({"type": "http"}, receive, send) for _ in range(together)))
    return given


def test_a_single_reader_keeps_the_connection() -> None:
    assert asyncio.run(headers(1)) == [START["headers"]]


def test_all_but_the_last_of_several_are_sent_on() -> None:
    first, last = asyncio.run(headers(2))
    assert CLOSE in first
    assert CLOSE not in last
