"""Group commit: everything that waits is written in one transaction, and whoever waits hears of it after that."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from django.db import Error, close_old_connections, connection

from assay.actions.landing import AWAY, Landing
from assay.actions.receive import Tally
from assay.intake.collector.refusals import Refused

MOST_WAITING = 20_000
"""Events that may wait to be written; whoever brings more is asked to come again."""
MOST_AT_ONCE = 2_000
"""Events of one row: sorting them takes about a tenth of a second."""
ENOUGH = 100
"""Events that are worth a transaction without waiting for more."""
ROUNDS = 20
"""Times that the loop goes round for more to come before a transaction begins."""
FLUSH_SECONDS = 5.0
"""After so long counts are written even when no event came."""
AGAIN_SECONDS = 2

NOT_STORED = "The event could not be stored: send it again."

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Write = Callable[[Landing, Tally, datetime], None]


@dataclass(slots=True)
class _Round:
    """What is written in one transaction, and who waits for it."""

    landing: Landing = field(default_factory=Landing)
    size: int = 0
    waiting: "list[asyncio.Future[None]]" = field(default_factory=list)


@dataclass
class Group:
    """Writes for all requests of one process, one transaction after another, in a thread with its own connection."""

    write: Write
    refused: Tally = field(default_factory=Counter)
    """Events that were turned away since the last writing: they are counted with the next."""

    def __post_init__(self) -> None:
        self._rounds = deque([_Round()])
        self._size = 0
        self._came = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assay-intake")
        self._task: asyncio.Task[None] | None = None
        self._ending = self._stopped = False
        self.full = False
        """Whether so much waits to be sorted that nothing more is taken in."""
        self.healthy = True
        """Whether the last writing went through."""

    async def keep(self, landing: Landing, size: int) -> None:
        """Return once these events, ``size`` of them, are stored for good.

        Raises Refused when too many wait, or the database is away.
        """
        if self.full or self._size + size > MOST_WAITING:
            self._count(landing, "busy")
            raise Refused("busy", "Too many events wait already: send them again later.", AGAIN_SECONDS)
        if self._stopped:
            raise Refused("not_stored", NOT_STORED, AGAIN_SECONDS)
        last = self._rounds[-1]
        if last.size and last.size + size > MOST_AT_ONCE:
            last = _Round()
            self._rounds.append(last)
        done = asyncio.get_running_loop().create_future()
        last.landing.add(landing)
        last.waiting.append(done)
        last.size += size
        self._size += size
        self._came.set()
        await done

    async def call(self, read: Callable[[], Result]) -> Result:
        """Run something that asks the database, between two writings."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._in_thread, read)

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what waits, then end."""
        self._ending = True
        self._came.set()
        if self._task:
            await self._task
        while (self._size or self.refused) and await self._write_some():
            pass
        self._stopped = True
        while self._size:
            self._lose(self._take())
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: connection.close())  # that thread's own
        self._thread.shutdown()

    async def _run(self) -> None:
        while not self._ending:
            try:
                async with asyncio.timeout(FLUSH_SECONDS):  # wait_for of Python 3.11 may miss that it is over
                    await self._came.wait()
            except TimeoutError:
                if not self.refused:
                    continue
            await self._let_more_come()
            await self._write_some()

    async def _let_more_come(self) -> None:
        """Requests that are being read join the same transaction: one for each would cost more than it writes."""
        for _ in range(ROUNDS):
            before = self._size
            await asyncio.sleep(0)
            if self._size == before or self._size >= ENOUGH:
                return

    async def _write_some(self) -> bool:
        """One transaction. Whoever brought what is in it hears that it is stored, or that it is not."""
        some = self._take()
        refused, self.refused = self.refused, Counter()
        write = partial(self.write, some.landing, refused, datetime.now(UTC))
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._in_thread, write)
        except Exception as problem:
            log.exception("events could not be stored; their senders are told")
            self.refused.update(refused)
            self._lose(some)
            self.healthy = not isinstance(problem, AWAY)
        else:
            for done in some.waiting:
                if not done.done():  # else who asked has gone
                    done.set_result(None)
            self.healthy = True
        return self.healthy

    def _lose(self, some: _Round) -> None:
        """Tell that these are not stored, and count them as refused."""
        self._count(some.landing, "not_stored")
        for done in some.waiting:
            if not done.done():
                done.set_exception(Refused("not_stored", NOT_STORED, AGAIN_SECONDS))

    def _count(self, landing: Landing, reason: str) -> None:
        for key, events in landing.keys().items():
            self.refused[key, "refused", reason] += events

    def _take(self) -> _Round:
        some = self._rounds.popleft()
        if not self._rounds:
            self._rounds.append(_Round())
        self._size -= some.size
        if not self._size:
            self._came.clear()
        return some

    @staticmethod
    def _in_thread(work: Callable[[], Result]) -> Result:
        try:
            return work()
        except Error:
            close_old_connections()  # the next try opens a new one if this is broken
            raise
