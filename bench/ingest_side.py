"""The processes of bench/ingest.py: a server with one write key, or a bare one; and senders that keep it busy."""

import asyncio
import os
import sys
import time

import msgspec

KEY = "bench"


def prepare() -> None:
    """Make the database and its write key."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
    django.setup()
    from datetime import UTC, datetime

    from django.core.management import call_command

    from assay.records.models import Source, WriteKey

    call_command("migrate", verbosity=0)
    source = Source.objects.create(name="Website")
    WriteKey.objects.create(name="Bench", key=KEY, source=source, created_at=datetime.now(UTC))


def sort() -> None:
    """Sort all that has landed, as the process beside a server does; print the CPU seconds of this one."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
    django.setup()
    from assay.intake.collector.batches import sort_everything

    start = time.process_time()
    sort_everything()
    print(time.process_time() - start)


async def bare(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    """What a server costs that only decodes and answers."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    msgspec.json.decode(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"16")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"success":true}'})


def serve(application: str, port: int, workers: int) -> None:
    """One server, as `assay serve` starts it."""
    import uvicorn

    uvicorn.run(application, port=port, workers=workers, access_log=False, log_level="error", lifespan="on")


class Sender(asyncio.Protocol):
    """One connection: sends the next request when the last is answered."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._sent = 0.0
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not self._answer.endswith(b"}"):
            return
        if not self._answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(self._answer.decode())
        self._load.times.append(time.perf_counter() - self._sent)
        self._answer = b""
        self._next()

    def _next(self) -> None:
        if self._load.left <= 0:
            self._transport.close()
            self._load.closed()
            return
        self._load.left -= 1
        self._sent = time.perf_counter()
        self._transport.write(self._load.request())


class Load:
    """So many requests over so many connections."""

    def __init__(self, requests: int, connections: int, batch: int) -> None:
        self.left, self.times = requests, list[float]()
        self._open, self._batch, self._number = connections, batch, 0
        self._unique = os.urandom(6).hex()
        self.done = asyncio.get_running_loop().create_future()

    def request(self) -> bytes:
        """The next request, ready to send."""
        if self._batch == 1:
            body, path = self._event(), "/v1/track"
        else:
            events = ",".join(self._event() for _ in range(self._batch))
            body = f'{{"writeKey":"{KEY}","batch":[{events}]}}'
            path = "/v1/batch"
        return (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def _event(self) -> str:
        self._number += 1
        number = self._number
        return (
            f'{{"type":"track","writeKey":"{KEY}","event":"Pricing Viewed","messageId":"{self._unique}-{number}",'
            f'"anonymousId":"v{number % 5_000}",'
            '"timestamp":"2026-11-01T10:00:00.123Z","properties":{"plan":"team","seats":12},"context":{"page":'
            '{"url":"https://www.example.com/pricing?utm_source=search","path":"/pricing","title":"Pricing"},'
            '"userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"}}'
        )

    def closed(self) -> None:
        """One connection has nothing left to send."""
        self._open -= 1
        if not self._open:
            self.done.set_result(None)


async def send(port: int, requests: int, connections: int, batch: int) -> None:
    """Send, and print the seconds it took and how long each request waited."""
    load = Load(requests, connections, batch)
    start = time.perf_counter()
    for _ in range(connections):
        await asyncio.get_running_loop().create_connection(lambda: Sender(load), "127.0.0.1", port)
    await asyncio.wait_for(load.done, 300)
    took = time.perf_counter() - start
    times = sorted(load.times)
    print(msgspec.json.encode([took, times[len(times) // 2], times[int(len(times) * 0.99)]]).decode())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["sort"]:
            sort()
        case ["serve", application, port, workers]:
            serve(application, int(port), int(workers))
        case ["send", *numbers]:
            asyncio.run(send(*map(int, numbers)))
