"""`assay serve`: the web pages on one address, and the process that works beside them."""

import os
import socket
import subprocess  # nosec B404 - starts our own process beside the server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated

import typer
from django.core.checks import ERROR, run_checks
from django.db import connection
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from assay.cli.database import with_database
from assay.domain.errors import BadInput, Refused
from assay.records.models import User

WATCH_SECONDS = 1.0
"""How often it is asked whether the process beside still runs."""

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one this machine has.")]
Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes; by default as many as there are cores, at most 2, with PostgreSQL 4."),
]

NoWork = Annotated[bool, typer.Option("--no-work", help="Only the pages; run `assay work` elsewhere.")]

MOST_WORKERS = 4
MOST_ON_SQLITE = 2
MOST_CONNECTIONS = 2_000
"""Of one process; whoever comes then is told 503."""


@with_database
def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = None, no_work: NoWork = False) -> None:
    """Start the web pages.

    \b
    Example:
      assay serve --port 8000
    """
    _check(host, port)
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"  # nosec B104 - only compared
    first = (
        "" if User.objects.filter(is_active=True).exclude(role="operator").exists() else ": make the first user there"
    )
    typer.echo(f"Assay is at {address}{first}. Stop it with Ctrl-C.")
    connection.close()
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings"
    with nullcontext() if no_work else _beside():
        listen(host, port, workers or usual_workers())


def usual_workers() -> int:
    """How many processes make pages: Python uses one core in each, and SQLite lets one at a time write."""
    return min(os.cpu_count() or 1, MOST_WORKERS if connection.vendor == "postgresql" else MOST_ON_SQLITE)


def listen(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    config = Config(
        "assay.asgi:application",
        host=host,
        port=port,
        workers=workers,
        loop="assay.door:Loop" if workers > 1 and sys.platform != "win32" else "auto",
        lifespan="on",
        access_log=False,
        log_config=None,  # its words go where all others go
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
        limit_concurrency=MOST_CONNECTIONS,
    )
    if workers == 1:
        Server(config).run()
    else:
        Multiprocess(config, sockets=[config.bind_socket()]).run()


def _check(host: str, port: int) -> None:
    """Refuse to serve pages that are not safe, or on an address that cannot be had."""
    mistakes = [mistake for mistake in run_checks() if mistake.level >= ERROR]
    if mistakes:  # such as a route that says not who may use it
        raise Refused("not_safe_to_serve", " ".join(str(mistake.msg) for mistake in mistakes))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            hint = "Choose another with --port, or stop what is there."
            raise BadInput("address_taken", f"{host}:{port} cannot be used: {error.strerror}.", hint) from error


@contextmanager
def _beside() -> Iterator[None]:
    """The process that scores as time passes; it stops with us, and where it ends before it is started again."""
    stopped = threading.Event()
    keeper = threading.Thread(target=_keep_working, args=(stopped,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        keeper.join(timeout=15)


def _keep_working(stopped: threading.Event) -> None:
    while not stopped.is_set():
        command = [sys.executable, "-m", "assay.work", str(os.getpid())]
        process = subprocess.Popen(command)  # nosec B603 - nothing of anybody's in it
        while process.poll() is None and not stopped.wait(WATCH_SECONDS):
            pass
        process.terminate()
        process.wait(timeout=10)
        stopped.wait(WATCH_SECONDS)
