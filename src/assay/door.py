"""How one of several processes that listen on one address takes connections: only while it has time for them."""

import asyncio
from collections.abc import Callable
from socket import socket
from typing import Any

import uvloop

PATIENCE_SECONDS = 0.2
"""How long a door is held at most: pages that take long keep nobody out."""


class Door:
    """Takes connections one at a time, and none while it is held: they wait where another process may take them."""

    def __init__(self, loop: "Loop", protocol: Callable[[], asyncio.BaseProtocol], sock: socket, backlog: int) -> None:
        self._loop, self._protocol, self._sock = loop, protocol, sock
        self._again: asyncio.TimerHandle | None = None
        self._coming: set[asyncio.Task[Any]] = set()
        sock.setblocking(False)
        sock.listen(backlog)
        loop.add_reader(sock, self._take)

    def hold(self) -> None:
        """Take none, for a while."""
        if self._again is None and not self._closed:
            self._loop.remove_reader(self._sock)
            self._again = self._loop.call_later(PATIENCE_SECONDS, self.open)

    def open(self) -> None:
        """Take them again."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
            self._loop.add_reader(self._sock, self._take)

    def close(self) -> None:
        """Take none any more."""
        if not self._closed:
            self.hold()
            if self._again:
                self._again.cancel()
            self._sock.close()

    async def wait_closed(self) -> None:
        """Return once nobody is on the way in."""
        await asyncio.gather(*self._coming, return_exceptions=True)

    @property
    def _closed(self) -> bool:
        return self._sock.fileno() < 0

    def _take(self) -> None:
        try:
            connection, _ = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was first, or whoever came has left
        except OSError:
            self.hold()  # too many files are open: some will be closed
            return
        coming = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, connection))
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)


class Loop(uvloop.Loop):
    """The event loop of one of several processes that listen on one address, with a door."""

    door: Door | None = None

    async def create_server(  # type: ignore[override]
        self, protocol_factory: Callable[[], asyncio.BaseProtocol], *, sock: socket, backlog: int = 100, **_: object
    ) -> Door:
        """Listen on a socket that is bound."""
        self.door = Door(self, protocol_factory, sock, backlog)
        return self.door
