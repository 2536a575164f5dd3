"""Every lead scored anew from a lake: against a bare group-by, SQL and pandas by hand; its growth; from a snapshot."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.measure import QUICK, Figure, compare

MILLION = 1_000_000
SIZES = (MILLION // 10, MILLION) if QUICK else (MILLION, 10 * MILLION, 100 * MILLION)
"""Signals; a hundred a lead."""
ROUNDS = 1 if QUICK else 3


class Took(NamedTuple):
    """What one process took."""

    cpu: float
    """Seconds of all its threads, which other programs on the machine disturb least."""
    memory: float
    """Megabytes at most."""
    rows: int


def figures() -> Iterator[Figure]:
    """Seconds of CPU, and megabytes, each run a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        lakes = {size: Path(name, str(size)) for size in SIZES}
        for size, lake in lakes.items():
            _run("fill", lake, size)
        yield from _against_others(lakes)
        yield from _growth(lakes)
        yield from _snapshot(lakes[SIZES[-1]], SIZES[-1])


def _against_others(lakes: dict[int, Path]) -> Iterator[Figure]:
    largest = SIZES[-1]
    for what, size, note in (
        ("bare", largest, "reference: count by identity and kind over the same files"),
        ("bare-times", largest, "reference: the same with the last time of each"),
        ("hand", largest, "reference: the same scores by SQL written by hand"),
        ("pandas", SIZES[-2], "reference: the same scores by pandas"),
    ):
        ours, theirs = (partial(_cpu, side, lakes[size]) for side in ("full", what))
        yield compare(f"full rescore, {size:,} signals", "s of CPU", ours, theirs, rounds=ROUNDS, note=note)
    full, bare = _run("full", lakes[largest]), _run("bare", lakes[largest])
    yield Figure(
        f"full rescore, {largest:,} signals, memory", "MB", full.memory, bare.memory, full.memory / bare.memory, 0.0,
        "reference: the bare group-by",
    )  # fmt: skip


def _growth(lakes: dict[int, Path]) -> Iterator[Figure]:
    small, *larger = lakes
    for size in larger:
        ours, theirs = (
            partial(lambda lake, million: _cpu("full", lake) / million, lakes[many], many / MILLION)
            for many in (size, small)
        )
        yield compare(
            f"full rescore, {size:,} signals", "s of CPU a million signals", ours, theirs, rounds=ROUNDS,
            note=f"reference: {small:,} signals",
        )  # fmt: skip


def _snapshot(lake: Path, size: int) -> Iterator[Figure]:
    """A fortieth more signals have come since the snapshot."""
    _run("grow", lake, size + size // 40)
    yield compare(
        f"rescore from a snapshot, {size:,} and {size // 40:,} signals", "s of CPU",
        lambda: _cpu("since", lake), lambda: _cpu("full", lake), rounds=ROUNDS, note="reference: the full rescore",
    )  # fmt: skip


def _cpu(what: str, lake: Path) -> float:
    return _run(what, lake).cpu


def _run(what: str, lake: Path, size: int = 0) -> Took:
    command = [sys.executable, "-m", "bench.rescore_side", what, str(lake), str(size)]
    return Took(*json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
