"""How long pages take over HTTP at 8 connections on a full database, against a view that only says hello."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench.measure import QUICK, Figure, compare
from tests.services import free_port, postgres

CONNECTIONS = 8
EACH = 3 if QUICK else 10
"""Requests a connection makes in one burst."""

PAGES = {
    "inbox": "/inbox/",
    "lead": "/leads/1234/",
    "leads": "/leads/",
    "leads, searched": "/leads/?q=person123",
    "leads, filtered": "/leads/?temperature=hot&rung=lead",
    "companies": "/companies/",
    "company": "/companies/123/",
    "my work": "/work/",
    "deals": "/deals/",
    "returned": "/returned/",
}


def figures() -> Iterator[Figure]:
    """95th percentiles in milliseconds, each page beside hello in the same round."""
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        yield from _pages("PostgreSQL", server, folder, 20_000 if QUICK else 1_000_000)
        yield from _pages("SQLite", f"sqlite:///{folder}/crowd.sqlite3", folder, 10_000 if QUICK else 200_000)


def _pages(engine: str, database: str, folder: str, leads: int) -> Iterator[Figure]:
    environment = os.environ | {"ASSAY_DATABASE": database, "ASSAY_HOME": folder}
    cookie = subprocess.run(
        [sys.executable, "-m", "bench.crowd_side", str(leads)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with (
        served("assay.settings", environment) as ours,
        served("bench.hello_settings", environment) as hello,
    ):
        for name, path in PAGES.items():
            burst(ours, path, cookie)  # the first of each worker loads templates
            yield compare(
                f"{name}, {leads:,} leads, {engine}, p95",
                "ms",
                lambda path=path: p95(burst(ours, path, cookie)),  # type: ignore[misc]
                lambda path=path: p95(burst(hello, path, cookie)),  # type: ignore[misc]
                rounds=3 if QUICK else 5,
                note=f"{CONNECTIONS} connections; reference: hello on the same server",
            )


def p95(times: Sequence[float]) -> float:
    """The 95th percentile of seconds, in milliseconds."""
    return statistics.quantiles(times, n=20)[-1] * 1000


def burst(port: int, path: str, cookie: str) -> list[float]:
    """Seconds of each request of one burst; raises when a page fails."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return [
            taken
            for times in threads.map(lambda _: _requests(port, path, cookie), range(CONNECTIONS))
            for taken in times
        ]


def _requests(port: int, path: str, cookie: str) -> list[float]:
    connection, times = http.client.HTTPConnection("127.0.0.1", port), []
    for _ in range(EACH):
        start = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"})
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - start)
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
    connection.close()
    return times


@contextmanager
def served(settings: str, environment: dict[str, str]) -> Iterator[int]:
    """A server of its own with these settings; stopped by its process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.crowd_side", "serve", str(port)],
        env=environment | {"DJANGO_SETTINGS_MODULE": settings},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
