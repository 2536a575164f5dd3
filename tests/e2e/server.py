"""The real program, as somebody starts it: in a data folder of its own, on a free port, ended by its process id."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from tests.services import free_port

ASSAY = Path(sys.executable).with_name("assay")
START_SECONDS = 60
STOP_SECONDS = 20
DATABASE = "assay.sqlite3"


class Server(NamedTuple):
    """A running program: its address, without a slash at the end, and its data folder."""

    url: str
    home: Path

    def leads_on(self, rung: str) -> list[int]:
        """The ids of the leads on a rung, best first."""
        query = "SELECT id FROM records_lead WHERE rung = ? ORDER BY total DESC, id"
        return [int(pk) for (pk,) in self._read(query, rung)]

    def first(self, table: str) -> int:
        """The lowest id of a table."""
        [(pk,)] = self._read(f"SELECT min(id) FROM records_{table}")
        return int(pk)

    def user(self, email: str) -> int:
        """The id of a person who can sign in."""
        [(pk,)] = self._read("SELECT id FROM records_user WHERE email = ?", email)
        return int(pk)

    def has(self, table: str, condition: str = "true") -> bool:
        """Whether a table has a row of which this is true."""
        return bool(self._read(f"SELECT 1 FROM records_{table} WHERE {condition} LIMIT 1"))

    def _read(self, query: str, *values: str) -> list[tuple[int]]:
        with closing(sqlite3.connect(self.home / DATABASE)) as database:
            return database.execute(query, values).fetchall()


def assay(home: Path, *words: str, given: str = "") -> None:
    """Run one command of the program's on a data folder; ``given`` is what it reads from stdin."""
    done = subprocess.run(
        [ASSAY, *words], env=environment(home), input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"assay {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def tell_some(home: Path) -> None:
    """A system that is told what happens, at an address that is not called, and what came of one try."""
    assay(home, "webhook", "add", "https://127.0.0.1/hooks", "--types", "deal.won", "--name", "Our CRM")
    assay(home, "webhook", "test", "Our CRM")


def copy(home: Path, to: Path) -> Path:
    """A data folder like another one, at which no program may be running."""
    to.mkdir()
    for name in (DATABASE, "secret-key"):
        shutil.copy2(home / name, to / name)
    return to


@contextmanager
def serving(home: Path, *words: str) -> Iterator[Server]:
    """`assay serve` on a data folder, until the end of the block; ``words`` are further ones of the command."""
    port = free_port()
    with (home / "log").open("wb") as log:
        # A session of its own: Ctrl-C reaches the tests, and the program stops after them.
        process = subprocess.Popen(
            [ASSAY, "serve", "--port", str(port), *words],
            env=environment(home),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        url = f"http://localhost:{port}"  # by name: passkeys know no addresses
        _wait_until_ready(f"{url}/account/login/", process, home / "log")
        yield Server(url, home)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(url, timeout=5).close()
        except URLError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"assay serve did not start:\n{log.read_text()}")


def environment(home: Path) -> dict[str, str]:
    """Ours without what points a test run, rather than the program, to its settings and data."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ASSAY_", "DJANGO_"))}
    return kept | {"ASSAY_HOME": str(home)}
