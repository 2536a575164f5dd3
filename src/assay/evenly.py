"""Spreads requests evenly over the processes of one server."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSE = (b"connection", b"close")


class Evenly:
    """An application whose process, while it answers several at once, ends the connections it answers on.

    A browser keeps its connection, and so its process, however busy that is; one that has to connect anew comes to
    a process that has time for it. Of eight readers on two processes, one process had up to all of them before.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._answering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and self._answering > 1:
                message["headers"] = [*message.get("headers", ()), CLOSE]
            await send(message)

        self._answering += 1
        try:
            await self._application(scope, receive, answer)
        finally:
            self._answering -= 1
