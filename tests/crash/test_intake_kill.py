"""kill -9 under load, many times: what was acknowledged is there, once, and is counted as if nothing had happened."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.crash.load import Load, sending
from tests.crash.running import Running, running
from tests.services import Server, own_server

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("ASSAY_TEST_KILL_SECONDS", "8"))
"""How long each database is shot at."""
LIVES = (0.1, 1.5)
"""Seconds between the moment that everything runs and the next shot."""


@contextmanager
def embedded(folder: Path) -> Iterator[tuple[str, Server | None]]:
    """A database file."""
    yield f"sqlite:///{folder}/intake.sqlite3", None


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Server | None]]:
    """A PostgreSQL that keeps what it says it keeps."""
    with own_server(fsync=True) as server:
        yield server.url, server


Database = Callable[[Path], Any]
BOTH = pytest.mark.parametrize("database", [embedded, served], ids=["SQLite", "PostgreSQL"])


@BOTH
def test_nothing_acknowledged_is_lost_when_processes_are_killed(tmp_path: Path, database: Database) -> None:
    chance, shots = random.Random(1), Counter[str]()
    with database(tmp_path) as (url, _), running(tmp_path, url) as server:
        with sending(server.port, seed=1) as load:
            shoot(server, chance, shots, SECONDS)
        assert_all_is_there_and_counted(server, load)


def shoot(server: Running, chance: random.Random, shots: Counter[str], seconds: float) -> None:
    """Kill at random moments one or the other process, for so long, and each at least once."""
    end = time.monotonic() + seconds
    while time.monotonic() < end or not (shots["server"] and shots["beside"]):
        time.sleep(chance.uniform(*LIVES))
        if chance.random() < 0.5:
            shots["beside"] += server.kill_beside()
        else:
            server.kill()
            shots["server"] += 1
            server.start()


def test_nothing_acknowledged_is_lost_when_the_database_is_killed(tmp_path: Path) -> None:
    chance = random.Random(2)
    with served(tmp_path) as (url, database), running(tmp_path, url) as server:
        assert database
        with sending(server.port, seed=2) as load:
            for _ in range(max(2, round(SECONDS / 6))):
                time.sleep(chance.uniform(0.5, 2.5))
                database.kill()
                time.sleep(chance.uniform(0, 0.5))
                database.start()
            time.sleep(1)
        assert server.process.poll() is None
        assert_all_is_there_and_counted(server, load)


def assert_all_is_there_and_counted(server: Running, load: Load) -> None:
    """Every event is stored once and every score is that of a full recount."""
    assert load.acknowledged == load.made
    assert len(load.made) > 100
    server.wait_until_the_left_have_gone()
    server.wait_until_counted()
    server.stop()
    there = server.side("found")
    messages = Counter(there["messages"])
    assert messages.keys() == load.made
    assert set(messages.values()) == {1}
    assert there["wrong"] == []
    assert there["quarantined"] == []
    assert there["leads"] == len(load.known) > 0
    assert there["counted"]["accepted"] == len(load.made)
