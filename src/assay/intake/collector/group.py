"""Group commit: everything that waits is written in one transaction, and whoever waits hears of it after that."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from django.db import DatabaseError, close_old_connections, connection

from assay.actions.receive import Arrival, Rejected, Tally
from assay.intake.collector.refusals import Refused

MOST_WAITING = 20_000
"""Events that may wait to be written; whoever brings more is asked to come again."""
MOST_AT_ONCE = 2_000
"""Events of one transaction: about a tenth of a second of writing."""
FLUSH_SECONDS = 5.0
"""After so long counts are written even when no event came."""
AGAIN_SECONDS = 2

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
    """Writes for all requests of one process, one transaction after another, in a thread of its own."""

    write: Write
    refused: Tally = field(default_factory=Counter)
    """Events that were turned away since the last writing: they are counted with the next."""

    def __post_init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._size = 0
        self._came = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assay-intake")
        self._task: asyncio.Task[None] | None = None
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
        return await asyncio.get_running_loop().run_in_executor(self._thread, read)

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what waits, then end."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while self._waiting or self.refused:
            if not await self._write_some():
                break
        await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: connection.close()
        )  # its own, not this thread's
        self._thread.shutdown()

    async def _run(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._came.wait(), FLUSH_SECONDS)
            except TimeoutError:
                if not self.refused:
                    continue
            # Shielded: a request to stop must not leave a transaction whose waiters never hear of it.
            await asyncio.shield(asyncio.ensure_future(self._write_some()))

    async def _write_some(self) -> bool:
        """One transaction. Whoever brought what is in it hears that it is stored, or that it is not."""
        some = self._take()
        refused, self.refused = self.refused, Counter()
        arrivals = [arrival for entry in some for arrival in entry.arrivals]
        rejected = [event for entry in some for event in entry.rejected]
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._in_thread, arrivals, rejected, refused)
        except DatabaseError as error:
            log.exception("events could not be stored; their senders were told to send them again")
            self.refused.update(refused)
            self.refused.update((arrival.key, "refused", "not_stored") for arrival in arrivals)
            self.refused.update((event.key, "refused", "not_stored") for event in rejected)
            self._tell(some, error)
            self.healthy = False
        else:
            self._tell(some, None)
            self.healthy = True
        return self.healthy

    def _take(self) -> list[_Waiting]:
        some: list[_Waiting] = []
        size = 0
        while self._waiting and (not some or size + self._waiting[0].size <= MOST_AT_ONCE):
            some.append(self._waiting.pop(0))
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
