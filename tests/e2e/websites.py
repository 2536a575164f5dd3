"""Websites for the tracker to run on, and a stand-in for Assay that records what it is sent."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from assay.intake.tracker import PATH
from assay.intake.tracker.scripts import scripts

PATIENCE = 15.0
Event = dict[str, Any]


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """A server on a free port of this machine; the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def website(pages: Mapping[str, str], folder: Path | None = None) -> Iterator[str]:
    """The address of a website with these texts by path, and the files of a folder."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(folder or Path(__file__).parent / "no-such-folder"))

        def do_GET(self) -> None:
            text = pages.get(urlsplit(self.path).path)
            if text is None:
                super().do_GET()
                return
            self.send_response(200)
            kind = "text/javascript" if urlsplit(self.path).path.endswith(".js") else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}"


class Arrived(NamedTuple):
    """An event, what came around it, and how the browser sent it: by "cors" (fetch) or "no-cors" (a beacon)."""

    event: Event
    envelope: Event
    mode: str


class Recorder:
    """What a stand-in for Assay was sent; `status` is what it answers, and only at 200 it takes anything in."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.script = scripts().current.text
        self.arrived: list[Arrived] = []
        self.refused = 0
        self._news = threading.Condition()

    def take(self, body: bytes, mode: str) -> int:
        """Record a request unless it is to be refused; what to answer."""
        with self._news:
            if self.status == 200:
                envelope = json.loads(body)
                known = {arrived.event["messageId"] for arrived in self.arrived}
                events = [event for event in envelope.pop("batch") if event["messageId"] not in known]
                self.arrived += [Arrived(event, envelope, mode) for event in events]
            else:
                self.refused += 1
            self._news.notify_all()
            return self.status

    def named(self, name: str) -> list[Event]:
        """The events of a type, or the track calls of a name."""
        return [event for event, *_ in self.arrived if name in (event["type"], event.get("event"))]

    def wait(self, name: str, count: int = 1) -> list[Event]:
        """Events of a name, once there are so many."""
        self.until(lambda: len(self.named(name)) >= count, f"{count} of {name}")
        return self.named(name)

    def until(self, seen: Callable[[], bool], what: str) -> None:
        """Return once it is so."""
        with self._news:
            if not self._news.wait_for(seen, PATIENCE):
                raise AssertionError(
                    f"Not seen within {PATIENCE} s: {what}. There are {[one[0] for one in self.arrived]}"
                )


@contextmanager
def recording() -> Iterator[Recorder]:
    """A stand-in for Assay, on another site than any `website`."""
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(200 if self.path.startswith(PATH) else 404, recorder.script)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(recorder.take(body, self.headers["Sec-Fetch-Mode"]), b"{}")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    with listening(Handler) as port:
        recorder.url = f"http://localhost:{port}"
        yield recorder
