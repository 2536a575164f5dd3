"""How long `assay --help` takes, against a Python that does nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measure import QUICK, Figure, compare, seconds


def figures() -> Iterator[Figure]:
    """One figure: a whole process each time."""
    assay = str(Path(sys.executable).with_name("assay"))

    def run(*command: str) -> float:
        return seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))

    yield compare(
        "assay --help",
        "s",
        lambda: run(assay, "--help"),
        lambda: run(sys.executable, "-c", "pass"),
        rounds=5 if QUICK else 15,
        note="reference: python -c pass",
    )
