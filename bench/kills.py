"""What kill -9 costs: acknowledged events that are gone after a hundred kills under load."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measure import QUICK, Figure
from tests.crash.load import sending
from tests.crash.running import Running, running
from tests.services import Server, own_server

KILLS = 4 if QUICK else 100
LIVES = (0.05, 0.6)
"""Seconds between shots."""


def figures() -> Iterator[Figure]:
    """Acknowledged events lost, on both databases: of the server, of what works beside it, of PostgreSQL itself."""
    with tempfile.TemporaryDirectory() as folder:
        yield _shot_at("SQLite", Path(folder), f"sqlite:///{folder}/events.sqlite3", None)
    with tempfile.TemporaryDirectory() as folder, own_server(fsync=True) as database:
        yield _shot_at("PostgreSQL", Path(folder), database.url, database)


def _shot_at(name: str, folder: Path, url: str, database: Server | None) -> Figure:
    chance = random.Random(4)
    with running(folder, url) as server:
        with sending(server.port, seed=4) as load:
            for _ in range(KILLS):
                time.sleep(chance.uniform(*LIVES))
                _shoot(server, database, chance)
        server.wait_until_counted()
        server.stop()
        there = server.side("found")
    stored = set(there["messages"])
    lost, twice = len(load.acknowledged - stored), len(there["messages"]) - len(stored)
    wrong = len(there["wrong"])
    note = f"of {len(load.acknowledged):,}; {KILLS} kills; stored twice {twice}; scores unlike a recount {wrong}"
    return Figure(f"acknowledged events lost at kill -9, {name}", "events", lost, 0, 0.0, 0.0, note)


def _shoot(server: Running, database: Server | None, chance: random.Random) -> None:
    targets = ["server", "server", "beside", *(["database"] if database else [])]
    match chance.choice(targets):
        case "server":
            server.kill()
            server.start()
        case "beside":
            while not server.kill_beside():
                if server.process.poll() is not None:  # the database was shot while it was starting
                    server.start()
                time.sleep(0.1)
        case "database":
            assert database
            database.kill()
            database.start()
