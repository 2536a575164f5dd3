"""Each request has an id, which its answer and its log lines carry, and one line that says what became of it.

The line names the pattern of the address, never the address: this and what is asked for may be about somebody.
"""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from assay.evenly import Application, Message, Receive, Scope, Send
from assay.logs import new_id, request_id

HEADER = b"x-request-id"
VALID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Told:
    """What is told of one request."""

    id: str
    route: str = ""
    quiet: bool = False
    refused: str = ""
    status: int = 500


_told: ContextVar[Told | None] = ContextVar("told", default=None)


def tell_route(route: str, *, quiet: bool = False) -> None:
    """Say which pattern of addresses the request met; one that is quiet is told only when something went wrong."""
    if told := _told.get():
        told.route, told.quiet = route, quiet


def tell_refused(code: str) -> None:
    """Say by which rule the request was refused."""
    if told := _told.get():
        told.refused = code


class Logged:
    """An application of which every request is told."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        told, began = Told(_given(scope) or new_id()), time.perf_counter()
        _told.set(told)
        request_id.set(told.id)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, told.id.encode())]
            await send(message)

        try:
            await self._application(scope, receive, answer)
        finally:
            _log(told, str(scope["method"]), 1_000 * (time.perf_counter() - began))


def tell_refusal(scope: Scope, route: str, status: int, code: str, began: float) -> tuple[bytes, bytes]:
    """Log a request that is turned away by who takes too many to log them all; the header that names it."""
    told = Told(_given(scope) or new_id(), route, True, code, status)
    request_id.set(told.id)
    _log(told, str(scope["method"]), 1_000 * (time.perf_counter() - began))
    return HEADER, told.id.encode()


def _given(scope: Scope) -> str:
    """The id that came along, as a proxy or another program gives one; "" where it is none that can be used."""
    for name, value in scope["headers"]:
        if name == HEADER:
            return value.decode() if VALID.fullmatch(value) else ""
    return ""


def _log(told: Told, method: str, milliseconds: float) -> None:
    if told.status >= 500:
        level = logging.ERROR
    elif told.status >= 400 or told.refused:
        level = logging.WARNING
    else:
        level = logging.DEBUG if told.quiet else logging.INFO
    if log.isEnabledFor(level):
        fields = {"method": method, "route": told.route, "status": told.status, "ms": round(milliseconds, 1)}
        log.log(level, "request", extra={"fields": fields | ({"refused": told.refused} if told.refused else {})})


class RouteMiddleware:
    """Tells which of Django's addresses was met."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._respond(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Django calls this once it knows who answers."""
        if request.resolver_match:
            tell_route(f"/{request.resolver_match.route}")
