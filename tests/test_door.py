"""Connections wait outside while the door is held, where another process may take them, but never for long."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import cast

from assay.door import PATIENCE_SECONDS, Door, Loop


class Greeting(asyncio.Protocol):
    """Says hello to whoever is let in."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        answer = cast(asyncio.WriteTransport, transport)
        answer.write(b"hello")
        answer.close()


Knock = Callable[[float], Coroutine[None, None, bytes]]


def with_door(tell: Callable[[Door, Knock], Coroutine[None, None, None]]) -> None:
    """Open a door on a free port, and say how to knock: what is heard within so many seconds."""

    async def run(loop: Loop) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as visitor:
            door = await loop.create_server(Greeting, sock=listening)
            assert loop.door is door
            visitor.setblocking(False)
            await tell(door, lambda within: heard(visitor, listening, within))
            door.close()
            door.close()
            await door.wait_closed()

    loop = Loop()
    loop.run_until_complete(run(loop))
    loop.close()


async def heard(visitor: socket.socket, listening: socket.socket, within: float) -> bytes:
    """What a visitor is told; nothing while the door is held."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within):
            with suppress(OSError):  # has knocked already
                await loop.sock_connect(visitor, listening.getsockname())
            return await loop.sock_recv(visitor, 100)
    except TimeoutError:
        return b""


def test_whoever_comes_is_let_in() -> None:
    async def tell(door: Door, knock: Knock) -> None:
        assert await knock(10) == b"hello"

    with_door(tell)


def test_held_it_lets_nobody_in_until_it_is_opened() -> None:
    async def tell(door: Door, knock: Knock) -> None:
        door.hold()
        door.hold()
        assert await knock(PATIENCE_SECONDS / 2) == b""
        door.open()
        door.open()
        assert await knock(10) == b"hello"

    with_door(tell)


def test_it_is_never_held_for_long() -> None:
    async def tell(door: Door, knock: Knock) -> None:
        door.hold()
        before = time.monotonic()
        assert await knock(10) == b"hello"
        assert time.monotonic() - before >= PATIENCE_SECONDS / 2

    with_door(tell)


def test_what_takes_long_holds_it_once() -> None:
    async def tell(door: Door, knock: Knock) -> None:
        door.hold()
        await asyncio.sleep(PATIENCE_SECONDS * 1.5)
        door.hold()
        before = door.holds
        door.open()
        door.hold()
        assert (before, door.holds) == (False, True)

    with_door(tell)


def test_where_one_process_is_busy_the_other_is_asked() -> None:
    """Two doors on one address, as two processes have it."""

    async def run(loop: Loop) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            asked: list[int] = []

            def protocol(number: int) -> Callable[[], Greeting]:
                def greet() -> Greeting:
                    asked.append(number)
                    return Greeting()

                return greet

            one = Door(loop, protocol(1), listening, 10)
            with listening.dup() as same:
                other = Door(loop, protocol(2), same, 10)
                one.hold()
                with socket.socket() as visitor:
                    visitor.setblocking(False)
                    assert await heard(visitor, same, 10) == b"hello"
                other.close()
            one.close()
            assert asked == [2]

    loop = Loop()
    loop.run_until_complete(run(loop))
    loop.close()
