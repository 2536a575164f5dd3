"""`assay serve` as it runs somewhere, with the processes that a crash test kills."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.services import children, free_port, is_there

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-c", "from assay.cli.main import main; main()")
START_SECONDS = 60
STOP_SECONDS = 30
COUNT_SECONDS = 60


class Running:
    """A server on a port that stays the same over its restarts."""

    def __init__(self, home: Path, database: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ASSAY_", "DJANGO_"))}
        self.environment: Mapping[str, str] = kept | {"ASSAY_HOME": str(home), "ASSAY_DATABASE": database}
        self._log = home / "log"
        self.left: list[int] = []
        self.port = free_port()
        self.side("prepare")

    def start(self, *options: str) -> None:
        """Start, and return when it listens."""
        with self._log.open("ab") as log:
            # A session of its own: Ctrl-C reaches the tests, and the program stops after them.
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(self.port), *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return
            time.sleep(0.05)
        raise RuntimeError(f"assay serve did not start:\n{self._log.read_text()[-5_000:]}")

    def kill(self) -> None:
        """Kill the server; what works beside it ends by itself."""
        self.left += self.beside()
        self.process.kill()
        self.process.wait()

    def wait_until_the_left_have_gone(self) -> None:
        """Wait for the end of what worked beside servers that were killed."""
        deadline = time.monotonic() + STOP_SECONDS
        while (there := [process for process in self.left if is_there(process)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not there

    def beside(self) -> list[int]:
        """The processes that work beside the server."""
        return children(self.process.pid, "assay.work")

    def kill_beside(self) -> bool:
        """Kill what works beside the server; whether there was something."""
        killed = False
        for process in self.beside():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                killed = True
        return killed

    def stop(self) -> None:
        """Let it end in peace."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def side(self, verb: str) -> Any:
        """What :mod:`tests.crash.side` says."""
        command = [sys.executable, "-m", "tests.crash.side", verb]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{verb} failed:\n{done.stderr[-5_000:]}")
        return json.loads(done.stdout)

    def wait_until_counted(self) -> None:
        """Wait until the scorer has come to everything."""
        deadline = time.monotonic() + COUNT_SECONDS
        while (left := self.side("waiting")) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not left, self._log.read_text()[-5_000:]

    @property
    def log(self) -> str:
        """What it has said."""
        return self._log.read_text()


@contextmanager
def running(home: Path, database: str) -> Iterator[Running]:
    """A server, running until the end of the block, however often it was killed in between."""
    server = Running(home, database)
    server.start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
