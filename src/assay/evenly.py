"""Spreads requests evenly: over the processes of one server, and over time within each."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSE = (b"connection", b"close")

ENOUGH = 2
"""Pages in hand with which a process takes no new connection: one that is made, and the next."""
PATIENCE_SECONDS = 0.2
"""How long anybody waits for a page in hand. One that takes longer holds nobody up."""


class Evenly:
    """An application whose process, while it makes several pages at once, ends the connections it answers on.

    A browser keeps its connection, and so its process, however busy that is; one that has to connect anew comes to
    a process that has time for it. Of eight readers on two processes, one process had up to all of them before.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._making = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        door = getattr(asyncio.get_running_loop(), "door", None)  # of assay.door, where there are several processes
        counted = True
        self._making += 1
        if door and self._making >= ENOUGH:
            door.hold()

        def made() -> None:
            nonlocal counted
            if counted:
                counted = False
                self._making -= 1
                if door and self._making < ENOUGH:
                    door.open()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                if self._making > 1:
                    message["headers"] = [*message.get("headers", ()), CLOSE]
                made()
            await send(message)

        try:
            await self._application(scope, receive, answer)
        finally:
            made()


class InTurn:
    """An application that makes one page after another, as they came, though several threads could.

    Python runs one thread at a time in any case, and pages made side by side only hold each other up. Whoever waits
    too long is answered beside the one that takes so long; what is streamed is sent after its turn.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turn = asyncio.Lock()  # fair: whoever waits longest is next

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        mine = await self._my_turn()

        async def answer(message: Message) -> None:
            nonlocal mine
            if mine:
                mine = False
                self._turn.release()
            await send(message)

        try:
            await self._application(scope, receive, answer)
        finally:
            if mine:
                self._turn.release()

    async def _my_turn(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._turn.acquire()
        except TimeoutError:
            return False
