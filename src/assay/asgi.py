"""What `assay serve` serves on its one address: events to the collector, everything else to the web pages."""

import asyncio
import gc
import os
import signal
from multiprocessing import parent_process
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.urls import get_resolver

from assay.wsgi import application as pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")

from assay.evenly import Application, Evenly, InTurn, Receive, Scope, Send
from assay.intake import tracker
from assay.intake.collector.app import Collector
from assay.intake.health import Health
from assay.requests import Logged, tell_route

PARENT_SECONDS = 0.5
PAGE_THREADS = 4
"""Pages that one process has in hand; each keeps a connection to the database."""

collector = Collector()
health = Health(collector.group)
# The types of the two libraries say the same in other words.
web: Application = InTurn(cast(Application, WSGIMiddleware(cast(Any, pages), workers=PAGE_THREADS)))
if parent_process():  # one of several
    web = Evenly(web)


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    """One request, or the server's start and end."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close"})
    elif scope["path"] == tracker.PATH:
        tell_route(tracker.PATH, quiet=True)
        await tracker.serve(scope, receive, send)
    elif scope["path"].startswith("/health/") or scope["path"] == "/metrics":
        tell_route("/health", quiet=True)
        await health(scope, send)
    else:
        if scope["path"].startswith(settings.STATIC_URL):
            tell_route(settings.STATIC_URL, quiet=True)
        await web(scope, receive, send)


logged = Logged(door)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request. Every event is counted: a log line each would cost more than taking it in."""
    if scope["type"] == "http" and scope["path"].startswith("/v1/"):
        await collector(scope, receive, send)
    else:
        await logged(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    orphaned = asyncio.create_task(_stop_without_parent())
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await collector.start()
            _settle()
            await send({"type": "lifespan.startup.complete"})
        else:
            orphaned.cancel()
            await collector.stop()
            await health.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _settle() -> None:
    """What is there by now stays: looking through it for garbage would stop every page for a tenth of a second."""
    get_resolver().url_patterns  # noqa: B018 - loads all pages
    gc.collect()
    gc.freeze()


async def _stop_without_parent() -> None:
    """One of several processes of a server that was killed would keep its address: it has to end as well."""
    parent = parent_process()
    while parent is None or parent.is_alive():
        await asyncio.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
