"""Group commit: everything that waits is written in one transaction, and whoever waits hears of it after that."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from assay.actions.receive import Arrival, Rejected, Tally
from assay.intake.collector.refusals import Refused

MOST_WAITING = 20_000
"""Events that may wait to be written; whoever brings more is asked to come again."""
MOST_AT_ONCE = 2_000
"""Events of one transaction: about a tenth of a second of writing."""
FEW_AT_ONCE = 16
"""Requests that one transaction takes in any case."""
FLUSH_SECONDS = 5.0
"""After so long counts are written even when no event came."""
AGAIN_SECONDS = 2

AWAY = (OperationalError, InterfaceError)
"""The database is away or too busy: it would fail for everybody."""

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Write = Callable[[Sequence[Arrival], Sequence[Rejected], Tally, datetime], Tally]


@dataclass(slots=True)
class _Waiting:
    """What one request brought."""

    arrivals: Sequence[Arrival]
    rejected: Sequence[Rejected]
    done: "asyncio.Future[None]"

    @property
    def size(self) -> int:
        return len(self.arrivals) + len(self.rejected)


@dataclass
class Group:
    """Writes for all requests of one process, each transaction in a thread that keeps its own connection."""

    write: Write
    writers: int = 1
    """Transactions at once: more than one only where the database lets several write."""
    refused: Tally = field(default_factory=Counter)
    """Events that were turned away since the last writing: they are counted with the next."""

    def __post_init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._size = 0
        self._came = asyncio.Event()
        self._threads = [ThreadPoolExecutor(1, thread_name_prefix="assay-intake") for _ in range(self.writers)]
        self._tasks: list[asyncio.Task[None]] = []
        self.healthy = True
        """Whether the last writing went through."""

    async def keep(self, arrivals: Sequence[Arrival], rejected: Sequence[Rejected] = ()) -> None:
        """Return once they are stored for good. Raises Refused when too many wait, or the database is away."""
        if self._size + len(arrivals) + len(rejected) > MOST_WAITING:
            raise Refused("busy", "Too many events wait to be stored: send them again later.", AGAIN_SECONDS)
        done = asyncio.get_running_loop().create_future()
        entry = _Waiting(arrivals, rejected, done)
        self._waiting.append(entry)
        self._size += entry.size
        self._came.set()
        await done

    async def call(self, read: Callable[[], Result]) -> Result:
        """Run something that asks the database, between two writings."""
        return await asyncio.get_running_loop().run_in_executor(self._threads[0], read)

    def start(self) -> None:
        """Begin to write."""
        self._tasks = [asyncio.create_task(self._run(thread)) for thread in self._threads]

    async def stop(self) -> None:
        """Write what waits, then end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while (self._waiting or self.refused) and await self._write_some(self._threads[0]):
            pass
        for thread in self._threads:
            await asyncio.get_running_loop().run_in_executor(thread, lambda: connection.close())
            thread.shutdown()

    async def _run(self, thread: ThreadPoolExecutor) -> None:
        while True:
            try:
                await asyncio.wait_for(self._came.wait(), FLUSH_SECONDS)
            except TimeoutError:
                if not self.refused:
                    continue
            # Shielded: a request to stop must not leave a transaction whose waiters never hear of it.
            await asyncio.shield(asyncio.ensure_future(self._write_some(thread)))

    async def _write_some(self, thread: ThreadPoolExecutor) -> bool:
        """One transaction. Whoever brought what is in it hears that it is stored, or that it is not."""
        some = self._take()
        refused, self.refused = self.refused, Counter()
        problem = await self._try(thread, some, refused)
        if problem is None:
            self._tell(some, None)
        elif len(some) > 1 and not isinstance(problem, AWAY):
            # Something one of them brought cannot be kept: the others must not wait for it.
            self.refused.update(refused)
            for entry in some:
                await self._alone(thread, entry)
        else:
            self.refused.update(refused)
            self._lose(some, problem)
        self.healthy = not isinstance(problem, AWAY)
        return self.healthy

    async def _alone(self, thread: ThreadPoolExecutor, entry: _Waiting) -> None:
        problem = await self._try(thread, [entry], Counter())
        if problem is None:
            self._tell([entry], None)
        else:
            self._lose([entry], problem)

    async def _try(self, thread: ThreadPoolExecutor, some: Sequence[_Waiting], refused: Tally) -> Exception | None:
        arrivals = [arrival for entry in some for arrival in entry.arrivals]
        rejected = [event for entry in some for event in entry.rejected]
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(thread, self._in_thread, arrivals, rejected, refused)
        except Exception as problem:  # whatever it is, whoever waits has to hear of it
            log.exception("events could not be stored; their senders are told")
            return problem
        return None

    def _lose(self, some: Sequence[_Waiting], problem: Exception) -> None:
        """Tell that these are not stored, and count them as refused."""
        for entry in some:
            keys = [arrival.key for arrival in entry.arrivals] + [event.key for event in entry.rejected]
            self.refused.update((key, "refused", "not_stored") for key in keys)
        self._tell(some, problem)

    def _take(self) -> list[_Waiting]:
        # Half of them, so that the other half is read while this one is written: all at once would take turns.
        most, size = max(FEW_AT_ONCE, len(self._waiting) // 2), 0
        some: list[_Waiting] = []
        while self._waiting and len(some) < most and (not some or size + self._waiting[0].size <= MOST_AT_ONCE):
            some.append(self._waiting.popleft())
            size += some[-1].size
        self._size -= size
        if not self._waiting:
            self._came.clear()
        return some

    def _in_thread(self, arrivals: Sequence[Arrival], rejected: Sequence[Rejected], refused: Tally) -> None:
        try:
            self.write(arrivals, rejected, refused, datetime.now(UTC))
        except DatabaseError:
            close_old_connections()  # the next try opens a new one if this is broken
            raise

    @staticmethod
    def _tell(some: Sequence[_Waiting], error: Exception | None) -> None:
        for entry in some:
            if entry.done.done():  # who asked has gone
                continue
            if error is None:
                entry.done.set_result(None)
            else:
                told = Refused("not_stored", "The event could not be stored: send it again.", AGAIN_SECONDS)
                entry.done.set_exception(told)
