"""From a post over HTTP to the row in the inbox, while a thousand events a second come in."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import QUICK, Figure
from tests.crash.running import Running
from tests.services import own_postgres

SIDE = [sys.executable, "-m", "bench.latency_side"]
SECONDS = 8 if QUICK else 60
REACH = 2.0
"""Seconds at the 95th percentile, by performance.md."""


def figures() -> Iterator[Figure]:
    """Seconds from the post of a demo request until its lead stands in the inbox, on both databases."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _database("SQLite", f"sqlite:///{folder}/events.sqlite3", folder)
    with tempfile.TemporaryDirectory() as folder, own_postgres() as url:
        yield from _database("PostgreSQL", url, folder)


def _database(name: str, url: str, folder: str) -> Iterator[Figure]:
    server = Running(Path(folder), url)
    subprocess.run([*SIDE, "prepare"], env=server.environment, check=True)
    server.start()
    try:
        load = subprocess.Popen([*SIDE, "load", str(server.port), str(SECONDS)], stdout=subprocess.PIPE, text=True)
        command = [*SIDE, "probe", str(server.port), str(SECONDS)]
        probe = subprocess.run(command, env=server.environment, check=True, capture_output=True, text=True)
        sent, took = json.loads(load.communicate(timeout=120)[0])
    finally:
        server.stop()
    waits = sorted(json.loads(probe.stdout))
    busy = f"{sent / took:,.0f} events/s came in, load average {os.getloadavg()[0]:.1f}, {len(waits)} probes"
    for share in (50, 95):
        wait = waits[min(len(waits) - 1, len(waits) * share // 100)]
        yield Figure(f"post to inbox, p{share}, {name}", "s", wait, REACH, wait / REACH, 0.0, f"reference: 2 s; {busy}")
