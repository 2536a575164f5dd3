"""Other systems that are told what happens, as tests know them: endpoints on record, and one that really listens."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from assay.actions.actors import actor
from assay.actions.webhooks import add_endpoint
from assay.records.models import WebhookEndpoint
from tests.people import NOW, ada

URL = "https://crm.example/hooks"


def an_endpoint(*types: str, url: str = URL) -> WebhookEndpoint:
    """Another system that listens to events of these types, by default to all."""
    return an_endpoint_with_secret(*types, url=url)[0]


def an_endpoint_with_secret(*types: str, url: str = URL) -> tuple[WebhookEndpoint, str]:
    """The same, with what its messages are signed with."""
    return add_endpoint(url, types or ["*"], actor(ada()), NOW, "CRM")


@dataclass(frozen=True)
class Call:
    """A request that came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def holds(self, secret: str) -> bool:
        """Whether it is signed with this secret."""
        return bool(Webhook(secret).verify(self.body, dict(self.headers)))


@dataclass
class Listener:
    """A server on this machine: what came, and what it answers to each, 200 where nothing is planned."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    on_call: Callable[[int], object] = lambda number: None
    """Is told how many have come, before the last one is answered."""

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/hooks"

    def plan(self, *statuses: int, **headers: str) -> None:
        """Answer the next calls like this."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, named) for status in statuses]

    def ids(self) -> Sequence[str]:
        return [call.id for call in self.calls]


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener, until the end of the block."""
    listener, lock = Listener(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            body = self.rfile.read(size)
            if len(body) < size:  # who sent it was killed amid it: as anywhere else, that is no request
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            with lock:
                listener.calls.append(Call(self.path, headers, body))
                status, answers = listener.answers.pop(0) if listener.answers else (200, {})
            listener.on_call(len(listener.calls))
            self.send_response(status)
            for name, value in {**answers, "Content-Length": "5"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"heard")

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        listener.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()
