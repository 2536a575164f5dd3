"""A collector in this process, asked as a server would ask it, with the database behind it or a memory in its place."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import pytest

from assay.actions.landing import Landing
from assay.actions.receive import Arrival, Rejected, Tally
from assay.intake.collector import app as door
from assay.intake.collector.app import Collector
from assay.intake.collector.batches import open_batches, sort_everything
from assay.intake.collector.keys import ready
from assay.records.models import WriteKey

KEY = "site-1"
OTHER_KEY = "shop-2"

Parts = Sequence[bytes]
Write = Callable[[Landing, Tally, datetime], None]


def a_key(pk: int = 1, key: str = KEY, **said: Any) -> WriteKey:
    """A write key that is on no record."""
    return WriteKey(pk=pk, name=key, key=key, source_id=1, created_at=datetime(2026, 1, 1, tzinfo=UTC), **said)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The reason of a refusal, "" where there is none."""
        return str(msgspec.json.decode(self.body).get("code", "")) if self.body else ""


class Memory:
    """What would be stored, sorted at once. It can be told to fail."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.rejected: list[Rejected] = []
        self.tally: Tally = Counter()
        self.transactions = 0
        self.away: Exception | None = None
        self.keys = [a_key()]
        self.slow = threading.Event()
        self.slow.set()

    def __call__(self, landing: Landing, refused: Tally, at: datetime) -> None:
        self.slow.wait(5)
        if self.away:
            raise self.away
        opened = open_batches(landing.sent, lambda ids: {key.pk: ready(key) for key in self.keys if key.pk in ids})
        arrivals, rejected = [*landing.arrivals, *opened.arrivals], [*landing.rejected, *opened.rejected]
        refused = refused + opened.refused
        known = {arrival.message_id for arrival in self.arrivals}
        fresh = {arrival.message_id: arrival for arrival in reversed(arrivals) if arrival.message_id not in known}
        self.arrivals += [arrival for arrival in arrivals if fresh.get(arrival.message_id) is arrival]
        self.rejected += rejected
        self.tally += refused
        for arrival in arrivals:
            new = fresh.get(arrival.message_id) is arrival
            self.tally[arrival.key, "accepted" if new else "duplicate", ""] += 1
        self.tally.update((event.key, "quarantined", event.code) for event in rejected)
        self.transactions += 1

    @property
    def ids(self) -> list[str]:
        return [arrival.message_id for arrival in self.arrivals]


class Door:
    """A running collector. Each call waits for its answer; ``together`` asks several things at once."""

    def __init__(self, collector: Collector, runner: asyncio.Runner) -> None:
        self.collector, self._runner = collector, runner

    def post(self, call: str, content: object, **said: Any) -> Answer:
        """Send JSON, by the usual key unless the body or ``headers`` say another way."""
        return self.together((call, content, said))[0]

    def together(self, *requests: tuple[str, object, Mapping[str, Any]]) -> list[Answer]:
        """Several requests at once, their answers in order."""

        async def all_at_once() -> list[Answer]:
            return await asyncio.gather(*(self._post(call, content, **said) for call, content, said in requests))

        answers: list[Answer] = self.run(all_at_once())
        return answers

    def run(self, work: Awaitable[Any]) -> Any:
        """Anything else, on the collector's loop."""

        async def wait() -> Any:
            return await work

        return self._runner.run(wait())

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """A request as it stands."""
        return Answer(*self.run(request(self.collector, method, path, headers or {}, [body])))

    async def _post(
        self,
        call: str,
        content: object,
        headers: Mapping[str, str] | None = None,
        query: str | None = None,
        parts: int = 1,
    ) -> Answer:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        size = max(1, -(-len(body) // parts))
        pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        asked = f"writeKey={KEY}" if query is None else query
        return Answer(*await request(self.collector, "POST", f"/v1/{call}?{asked}", headers or {}, pieces))

    @property
    def counted(self) -> Counter[str]:
        """Events by outcome, those not written yet included."""
        memory = self.collector.group.write
        assert isinstance(memory, Memory)
        by_outcome: Counter[str] = Counter()
        for (_, outcome, _), number in (memory.tally + self.collector.group.refused).items():
            by_outcome[outcome] += number
        return by_outcome


async def request(
    app: Callable[..., Awaitable[None]], method: str, path: str, headers: Mapping[str, str], parts: Parts
) -> tuple[int, dict[str, str], bytes]:
    """One request to an ASGI application, its body in parts; the client leaves after the last where that is None."""
    address, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": address,
        "query_string": query.encode("latin-1", "replace"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
    }
    waiting = list(parts)
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        await asyncio.sleep(0)
        if not waiting:
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *bodies = sent
    told = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], told, b"".join(part["body"] for part in bodies)


@contextmanager
def opened(*keys: WriteKey, write: Write | None = None) -> Iterator[Door]:
    """A collector from its start to its end; ``write`` and ``keys`` take the place of the database."""
    collector = Collector()
    collector.group.write = write or collector.group.write
    with ExitStack() as stack:
        if isinstance(write, Memory) and keys:
            write.keys = list(keys)
        if write:
            stack.enter_context(with_keys(lambda: list(keys or [a_key()])))
        runner = stack.enter_context(asyncio.Runner())
        runner.run(collector.start())
        try:
            runner.run(asyncio.sleep(0.01))
            yield Door(collector, runner)
        finally:
            runner.run(collector.stop())
            if not write:
                sort_everything()


@contextmanager
def with_keys(read: Callable[[], list[WriteKey]]) -> Iterator[None]:
    """These are the keys on record, as far as a collector can see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "keys_in_use", read)
        patch.setattr(door, "landed_bytes", lambda: 0)
        yield
