"""Events over HTTP: how many a second are stored before they are acknowledged, and what each costs."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE

from bench.measure import QUICK, Figure, compare
from tests.services import free_port, own_postgres

SIDE = [sys.executable, "-m", "bench.ingest_side"]
CONNECTIONS = 64
SINGLES = 2_000 if QUICK else 20_000
BATCHES = 20 if QUICK else 300
ROUNDS = 3 if QUICK else 5
TICKS = os.sysconf("SC_CLK_TCK")


def figures() -> Iterator[Figure]:
    """Events a second beside a bare server that only decodes and answers, on both databases, with 1 and 2 workers."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _database("SQLite", f"sqlite:///{folder}/events.sqlite3", folder)
    with tempfile.TemporaryDirectory() as folder, own_postgres() as url:
        yield from _database("PostgreSQL", url, folder)


def _database(name: str, url: str, folder: str) -> Iterator[Figure]:
    environment = os.environ | {"ASSAY_DATABASE": url, "ASSAY_HOME": folder, "DJANGO_SETTINGS_MODULE": "assay.settings"}
    subprocess.run([*SIDE, "prepare"], env=environment, check=True)
    for workers in (1,) if QUICK else (1, 2):
        with (
            _served("assay.asgi:application", workers, environment) as ours,
            _served("bench.ingest_side:bare", workers, environment) as bare,
        ):
            for batch, requests, shape in ((1, SINGLES, "single events"), (100, BATCHES, "batches of 100")):
                connections = CONNECTIONS if batch == 1 else 8
                _send(ours, requests // 10, connections, batch)
                subprocess.run([*SIDE, "sort"], env=environment, check=True, stdout=PIPE)
                waits: list[tuple[float, float]] = []
                cost = _cpu(ours, name)
                figure = compare(
                    f"ingest, {shape}, {connections} connections, {name}, {workers} worker{'s' if workers > 1 else ''}",
                    "events/s",
                    lambda: _rate(ours, requests, connections, batch, waits),  # noqa: B023 - called at once
                    lambda: _rate(bare, requests, connections, batch, []),  # noqa: B023
                    rounds=ROUNDS,
                )
                sorting = float(
                    subprocess.run([*SIDE, "sort"], env=environment, check=True, stdout=PIPE, text=True).stdout
                )
                spent = (_cpu(ours, name) - cost + sorting) / (ROUNDS * requests * batch) * 1e6
                p50, p99 = (sorted(wait[at] for wait in waits)[len(waits) // 2] * 1000 for at in (0, 1))
                note = (
                    f"reference: a bare server; p50 {p50:.1f} ms, p99 {p99:.1f} ms; "
                    f"{spent:.0f} CPU s a million events, sorting included"
                )
                yield replace(figure, note=note)
    yield from _floor(name, environment)


def _floor(name: str, environment: dict[str, str]) -> Iterator[Figure]:
    """What storing at all leaves of the bare server: nobody who stores can reach more of it."""
    with (
        _served("bench.ingest_floor:app", 1, environment) as floor,
        _served("bench.ingest_side:bare", 1, environment) as bare,
    ):
        for batch, requests, shape in ((1, SINGLES, "single events"), (100, BATCHES, "batches of 100")):
            connections = CONNECTIONS if batch == 1 else 8
            yield compare(
                f"ingest, the least that stores {shape}, {connections} connections, {name}, 1 worker",
                "events/s",
                lambda: _rate(floor, requests, connections, batch, []),  # noqa: B023 - called at once
                lambda: _rate(bare, requests, connections, batch, []),  # noqa: B023
                rounds=ROUNDS,
                note="a row a transaction, no checks; reference: a bare server",
            )


def _rate(server: "_Server", requests: int, connections: int, batch: int, waits: list[tuple[float, float]]) -> float:
    took, p50, p99 = _send(server, requests, connections, batch)
    waits.append((p50, p99))
    return requests * batch / took


def _send(server: "_Server", requests: int, connections: int, batch: int) -> tuple[float, float, float]:
    command = [*SIDE, "send", str(server.port), str(requests), str(connections), str(batch)]
    took, p50, p99 = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return took, p50, p99


class _Server:
    """A running server: its port and its processes."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.process = port, process


def _cpu(server: _Server, database: str) -> float:
    """CPU seconds of a server so far, with those of PostgreSQL, whose processes are nobody else's here."""
    names = {"postgres"} if database == "PostgreSQL" else set()
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # it has ended
            continue
        name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
        if int(stat.parent.name) == server.process.pid or int(rest[1]) == server.process.pid or name in names:
            # A database's server answers for those of its processes that have ended.
            total += sum(map(int, rest[11 : 15 if name in names else 13])) / TICKS
    return total


@contextmanager
def _served(application: str, workers: int, environment: dict[str, str]) -> Iterator[_Server]:
    port = free_port()
    process = subprocess.Popen([*SIDE, "serve", application, str(port), str(workers)], env=environment)
    try:
        _wait(port)
        yield _Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
