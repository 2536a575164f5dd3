"""Group commit: everything that waits is written in one transaction, and whoever waits hears of it after that."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection

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

NOT_STORED = "The event could not be stored: send it again."

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
    """Writes for all requests of one process, one transaction after another, in a thread with its own connection."""

    write: Write
    refused: Tally = field(default_factory=Counter)
    """Events that were turned away since the last writing: they are counted with the next."""

    def __post_init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._size = 0
        self._came = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assay-intake")
        self._task: asyncio.Task[None] | None = None
        self._writing: set[asyncio.Future[bool]] = set()
        self._stopped = False
        self.healthy = True
        """Whether the last writing went through."""

    async def keep(self, arrivals: Sequence[Arrival], rejected: Sequence[Rejected] = ()) -> None:
        """Return once they are stored for good. Raises Refused when too many wait, or the database is away."""
        if self._size + len(arrivals) + len(rejected) > MOST_WAITING:
            self._count([*arrivals, *rejected], "busy")
            raise Refused("busy", "Too many events wait to be stored: send them again later.", AGAIN_SECONDS)
        if self._stopped:
            raise Refused("not_stored", NOT_STORED, AGAIN_SECONDS)
        done = asyncio.get_running_loop().create_future()
        entry = _Waiting(arrivals, rejected, done)
        self._waiting.append(entry)
        self._size += entry.size
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
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, *self._writing, return_exceptions=True)
        while (self._waiting or self.refused) and await self._write_some():
            pass
        self._stopped = True
        while self._waiting:
            self._lose(self._take())
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: connection.close())  # that thread's own
        self._thread.shutdown()

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(FLUSH_SECONDS):  # wait_for of Python 3.11 may miss that we are to stop
                    await self._came.wait()
            except TimeoutError:
                if not self.refused:
                    continue
            # Shielded: a request to stop must not leave a transaction whose waiters never hear of it.
            writing = asyncio.ensure_future(self._write_some())
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)
            await asyncio.shield(writing)

    async def _write_some(self) -> bool:
        """One transaction. Whoever brought what is in it hears that it is stored, or that it is not."""
        some = self._take()
        refused, self.refused = self.refused, Counter()
        problem = await self._try(some, refused)
        if problem is None:
            self._tell(some)
        elif len(some) > 1 and not isinstance(problem, AWAY):
            # Something one of them brought cannot be kept: the others must not wait for it.
            self.refused.update(refused)
            for entry in some:
                await self._alone(entry)
        else:
            self.refused.update(refused)
            self._lose(some)
        self.healthy = not isinstance(problem, AWAY)
        return self.healthy

    async def _alone(self, entry: _Waiting) -> None:
        problem = await self._try([entry], Counter())
        if problem is None:
            self._tell([entry])
        else:
            self._lose([entry])

    async def _try(self, some: Sequence[_Waiting], refused: Tally) -> Exception | None:
        arrivals = [arrival for entry in some for arrival in entry.arrivals]
        rejected = [event for entry in some for event in entry.rejected]
        loop = asyncio.get_running_loop()
        try:
            write = partial(self.write, arrivals, rejected, refused, datetime.now(UTC))
            await loop.run_in_executor(self._thread, self._in_thread, write)
        except Exception as problem:
            log.exception("events could not be stored; their senders are told")
            return problem
        return None

    def _lose(self, some: Sequence[_Waiting]) -> None:
        """Tell that these are not stored, and count them as refused."""
        for entry in some:
            self._count([*entry.arrivals, *entry.rejected], "not_stored")
            told = Refused("not_stored", NOT_STORED, AGAIN_SECONDS)
            if not entry.done.done():  # else who asked has gone
                entry.done.set_exception(told)

    def _count(self, events: Iterable[Arrival | Rejected], reason: str) -> None:
        self.refused.update((event.key, "refused", reason) for event in events)

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

    @staticmethod
    def _in_thread(work: Callable[[], Result]) -> Result:
        try:
            return work()
        except Error:
            close_old_connections()  # the next try opens a new one if this is broken
            raise

    @staticmethod
    def _tell(some: Sequence[_Waiting]) -> None:
        for entry in some:
            if not entry.done.done():  # else who asked has gone
                entry.done.set_result(None)
