"""Other processes at work on the test database: each does what it is told, at the moment it is told."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "import django; django.setup(); from tests.actions.orders import obey; obey()"
AT_ONCE = 0.03
"""Seconds from an order to its start: enough for all processes to have read theirs."""

Answer = dict[str, Any]


class Worker:
    """A process that obeys :mod:`tests.actions.orders`, as the test holds it."""

    def __init__(self, database_url: str) -> None:
        environment = os.environ | {"ASSAY_DATABASE": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        pipe = subprocess.PIPE
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
        )

    def is_ready(self) -> bool:
        """Wait until it takes orders."""
        return self.hear() == {"ready": True}

    def tell(self, verb: str, start: float = 0, **said: object) -> None:
        """Order something, to be started when the clock on the wall says so."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"verb": verb, "start": start, "said": said}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Answer:
        """Wait for how it went."""
        while "batch" in (said := self.hear()):
            pass
        return said

    def hear(self) -> Answer:
        """Wait for the next thing it says, be it only that a batch is done."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "The process ended without an answer; its own words stand above."
        answer: Answer = json.loads(line)
        return answer

    def end(self) -> None:
        """The end of its orders is the end of its work; if not, it is killed."""
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


def at_once(*orders: tuple[Worker, str, dict[str, object]]) -> list[Answer]:
    """Give each worker its order, all to be started together, and collect the answers."""
    start = time.time() + AT_ONCE
    for worker, verb, said in orders:
        worker.tell(verb, start, **said)
    return [worker.answer() for worker, *_ in orders]
