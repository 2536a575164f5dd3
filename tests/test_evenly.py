"""A busy process ends its connections; one with a single reader keeps them."""

import asyncio
from collections.abc import Callable, Coroutine

from assay.evenly import CLOSE, PATIENCE_SECONDS, Evenly, InTurn, Message, Receive, Scope, Send

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


class Pages:
    """An application that makes each page only when it is told to."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.finish = [asyncio.Event() for _ in range(4)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun.append(scope["page"])
        await self.finish[scope["page"]].wait()
        await send(dict(START))
        await asyncio.Event().wait()  # a stream without end


def in_turn(tell: Callable[[Pages], Coroutine[None, None, None]]) -> None:
    """Ask for four pages at once, one after another."""

    async def run() -> None:
        async def receive() -> Message:
            return {}

        async def send(message: Message) -> None:
            pass

        pages = Pages()
        application = InTurn(pages)
        asked = [asyncio.create_task(application({"type": "http", "page": page}, receive, send)) for page in range(4)]
        await asyncio.sleep(0)
        await tell(pages)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(run())


async def _a_moment() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_pages_are_made_one_after_another_as_they_were_asked_for() -> None:
    async def tell(pages: Pages) -> None:
        for page in range(4):
            await _a_moment()
            assert pages.begun == list(range(page + 1))
            pages.finish[page].set()

    in_turn(tell)


def test_a_page_that_takes_long_holds_nobody_up() -> None:
    async def tell(pages: Pages) -> None:
        await asyncio.sleep(PATIENCE_SECONDS * 1.5)
        assert pages.begun == [0, 1, 2, 3]

    in_turn(tell)


def test_whoever_gives_up_waiting_leaves_the_turn_to_the_next() -> None:
    async def run() -> list[int]:
        async def receive() -> Message:
            return {}

        async def send(message: Message) -> None:
            pass

        pages = Pages()
        application = InTurn(pages)
        first, gone, third = (
            asyncio.create_task(application({"type": "http", "page": page}, receive, send)) for page in range(3)
        )
        await _a_moment()
        gone.cancel()
        pages.finish[0].set()
        await _a_moment()
        for task in (first, third):
            task.cancel()
        await asyncio.gather(first, gone, third, return_exceptions=True)
        return pages.begun

    assert asyncio.run(run()) == [0, 2]
