"""Spreads requests evenly: over the processes of one server, and over time within each."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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


class InTurn:
    """A WSGI application that makes one page after another, as they came, though several threads call it.

    Python runs one thread at a time in any case, and pages made side by side only hold each other up: one after another,
    the same two processes answer a fifth more of them, and the slowest come sooner. Whoever waits behind a page that
    takes longer than ``patience`` seconds is answered beside it.
    """

    def __init__(self, application: "WSGIApplication", patience: float) -> None:
        self._application = application
        self._patience = patience
        self._turn = BoundedSemaphore()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; what is streamed is sent after its turn is over."""
        mine = self._turn.acquire(timeout=self._patience)
        try:
            return self._application(environ, start_response)
        finally:
            if mine:
                self._turn.release()
