"""The test command: every test on SQLite, in three runs, and beside them those that touch data on a real PostgreSQL.

Options go to pytest, for all runs: `make test ARGS="-k gate"`. The last lines are pytest's summaries.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent))

from tests import services  # noqa: E402 - found only now that the path is set

# Tests that ask the operational database in ways of their own. What else the shell, the reports and the demo do on
# PostgreSQL is what these do there; loading the month several times more takes two minutes and asks nothing new.
DATA = (
    "records",
    "actions",
    "api",
    "cli/test_backup.py",
    "cli/test_doctor.py",
    "cli/test_lake.py",
    "desk",
    "intake",
    "work",
)
# Rooms whose tests start servers and browsers, clusters, or many processes, and often wait for them. They run beside
# the others, so that both cores of a small machine are busy to the end.
APART = {"doors": ("intake", "e2e"), "engine": ("engine", "crash", "demo", "learning")}
SUMMARY = re.compile(r"=+ .*\b\d+ (passed|failed|deselected|errors?)\b.* in ")
NOTHING_SELECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Run:
    """One pytest at work, and what it has printed so far."""

    database: str
    process: "subprocess.Popen[bytes]"
    output: TextIO

    def follow(self) -> str:
        """Print its lines as they come until it ends; returns its summary, which other words may follow."""
        print(f"On {self.database}:", flush=True)
        line, summary, ended = "", "", False
        while not ended:
            ended = self.process.poll() is not None  # asked before the last reading, so that no line is missed
            while piece := self.output.readline():
                print(piece, end="", flush=True)
                line += piece
                if line.endswith("\n"):
                    summary, line = (line.rstrip() if SUMMARY.search(line) else summary), ""
            if not ended:
                time.sleep(0.1)
        return summary


@contextmanager
def start(database: str, arguments: Sequence[str], **variables: str) -> Iterator[Run]:
    """A pytest in the background; if it is left before its end it is interrupted, so that it can clean up."""
    color = ["--color=yes"] if sys.stdout.isatty() else []
    with tempfile.NamedTemporaryFile() as written, Path(written.name).open() as output:
        # A session of its own, so that Ctrl-C reaches it once, through us.
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *color, *arguments],
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | variables,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Run(database, process, output)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait()


def main(options: Sequence[str]) -> int:
    """Run them all; 0 only if all passed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit("Stopped."))
    touching_data = [str(TESTS / name) for name in DATA if (TESTS / name).exists()]
    if (TESTS / "e2e").is_dir():
        services.chromium()
    with ExitStack() as stack:
        url = stack.enter_context(services.postgres(fsync=False))
        apart = {name: [str(TESTS / room) for room in rooms] for name, rooms in APART.items()}
        rest = [str(TESTS), *(f"--ignore={room}" for rooms in apart.values() for room in rooms)]
        runs = [stack.enter_context(start("SQLite", [*rest, *options], ASSAY_TEST_POSTGRES=url))]
        for name, rooms in apart.items():
            arguments = [*cache(name), *rooms, *options]
            runs.append(stack.enter_context(start(f"SQLite, {name}", arguments, ASSAY_TEST_POSTGRES=url)))
        if touching_data:
            arguments = [*cache("postgres"), *touching_data, *options]
            variables = {"ASSAY_TEST_POSTGRES": url, "ASSAY_DATABASE": url}
            runs.append(stack.enter_context(start("PostgreSQL", arguments, **variables)))
        summaries = [run.follow() for run in runs]
        print(*summaries, sep="\n", flush=True)
        return 0 if passed([run.process.returncode for run in runs], chosen=bool(options)) else 1


def cache(name: str) -> Sequence[str]:
    """A folder of its own for what a run remembers."""
    return "-o", f"cache_dir=.pytest_cache/{name}"


def passed(codes: Sequence[int], *, chosen: bool) -> bool:
    """Whether all tests passed; where the caller chose some, there may be none among those of one run."""
    return 0 in codes and all(code == 0 or (chosen and code == NOTHING_SELECTED) for code in codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
