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
        self._patience_is_over = False
        self._coming: set[asyncio.Task[Any]] = set()
        sock.setblocking(False)
        sock.listen(backlog)
        loop.add_reader(sock, self._take)

    def hold(self) -> None:
        """Take none, until it is opened, but not for long: what takes that long is no reason to keep others out."""
        if not self.holds and not self._patience_is_over and not self._closed:
            self._loop.remove_reader(self._sock)
            self._again = self._loop.call_later(PATIENCE_SECONDS, self._open_anyway)

    def open(self) -> None:
        """Take them again."""
        self._patience_is_over = False
        if self._again is not None:
            self._again.cancel()
            self._again = None
            self._loop.add_reader(self._sock, self._take)

    def _open_anyway(self) -> None:
        self.open()
        self._patience_is_over = True

    def close(self) -> None:
        """Take none any more."""
        if not self._closed:
            self._loop.remove_reader(self._sock)
            if self._again:
                self._again.cancel()
            self._sock.close()

    async def wait_closed(self) -> None:
        """Return once nobody is on the way in."""
        await asyncio.gather(*self._coming, return_exceptions=True)

    @property
    def holds(self) -> bool:
        """Whether connections wait outside."""
        return self._again is not None

    @property
    def _closed(self) -> bool:
        return self._sock.fileno() < 0

    def _take(self) -> None:
        try:
            connection, _ = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was first, or whoever came has left
        except OSError:  # too many files are open: some will be closed
            self._patience_is_over = False
            self.hold()
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
