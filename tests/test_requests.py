"""What is told of a request: its id everywhere, one line, and nothing about anybody."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import resolve

from assay.logs import configuration, formatter, run
from assay.requests import Logged, RouteMiddleware, tell_refused, tell_route

log = logging.getLogger("assay.tests")
Lines = list[dict[str, Any]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What goes to stderr, which in a test is no terminal."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def lines(written: io.StringIO) -> Lines:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def ask(status: int = 200, *, headers: Sequence[tuple[bytes, bytes]] = (), **told: Any) -> str:
    """One request to an application that answers so; returns the id that its answer carries."""
    sent: list[Any] = []

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        tell_route(told.get("route", "/leads/<int:lead_id>/"), quiet=told.get("quiet", False))
        if code := told.get("refused"):
            tell_refused(code)
        # As a view runs: in another thread, with a copy of what is known here.
        await asyncio.to_thread(log.warning, "a word from %s", "a view")
        if fault := told.get("fault"):
            raise fault
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body"})

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/leads/7/", "query_string": b"q=ann", "headers": headers}
    asyncio.run(Logged(answer)(scope, None, keep))  # type: ignore[arg-type]
    [value] = [value for name, value in sent[0]["headers"] if name == b"x-request-id"]
    return str(value.decode())


def test_the_id_is_in_the_answer_and_in_every_line(written: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    made = ask()
    assert len(made) == 24
    word, request = lines(written)
    assert (word["event"], word["request_id"], word["logger"]) == ("a word from a view", made, "assay.tests")
    assert request.pop("timestamp").endswith("Z")
    assert request.pop("ms") >= 0
    assert request == {
        "event": "request", "request_id": made, "level": "info", "logger": "assay.requests",
        "method": "GET", "route": "/leads/<int:lead_id>/", "status": 200,
    }  # fmt: skip
    assert ask() != made
    assert ask(headers=[(b"x-request-id", b"from-a-proxy.1")]) == "from-a-proxy.1"
    for strange in (b"short", b"x" * 65, b'a "quote" within', b"two\nlines-here"):
        assert ask(headers=[(b"x-request-id", strange)]) != strange.decode()
    assert "ann" not in written.getvalue()


def test_how_loud_a_line_is(written: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    ask(quiet=True)
    ask(401, quiet=True, refused="unknown_key")
    ask(200, refused="already_decided")
    ask(503)
    with pytest.raises(ValueError, match="a fault"):
        ask(fault=ValueError("a fault"))
    told = [(line["level"], line["status"], line.get("refused")) for line in lines(written) if "status" in line]
    assert told == [
        ("warning", 401, "unknown_key"),
        ("warning", 200, "already_decided"),
        ("error", 503, None),
        ("error", 500, None),
    ]


def test_the_pattern_of_an_address_is_told_and_not_the_address(
    written: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    request = RequestFactory().get("/leads/7/")
    request.resolver_match = resolve("/leads/7/")

    async def view(scope: Any, receive: Any, send: Any) -> None:
        RouteMiddleware(lambda _: None).process_view(request)  # type: ignore[arg-type,return-value]
        await send({"type": "http.response.start", "status": 200})

    async def nowhere(_: Any) -> None: ...

    scope = {"type": "http", "method": "GET", "path": "/leads/7/", "headers": []}
    asyncio.run(Logged(view)(scope, None, nowhere))  # type: ignore[arg-type]
    [line] = lines(written)
    assert line["route"] == "/leads/<int:lead_id>/"


def test_a_traceback_names_code_and_no_values(written: io.StringIO) -> None:
    said = "duplicate key\nDETAIL:  Key (value)=(ann@acme.example) already exists."
    try:
        raise IntegrityError(said)
    except IntegrityError:
        log.exception("a job broke off")
    [line] = lines(written)
    assert "duplicate key" in line["exception"]
    assert "ann@acme.example" not in written.getvalue()


def test_a_job_tells_its_name_and_an_id_of_each_run(written: io.StringIO) -> None:
    @run("sweep")
    def sweep() -> None:
        log.warning("one")
        log.warning("two")

    sweep()
    sweep()
    told = [(line["job"], line["run"]) for line in lines(written)]
    assert told[0] == told[1]
    assert len(set(told)) == 2
    assert told[0][0] == "sweep"
    log.warning("outside")
    assert "run" not in lines(written)[-1]


def test_the_level_is_the_one_that_is_set() -> None:
    assert configuration("WARNING")["root"] == {"handlers": ["stderr"], "level": "WARNING"}
