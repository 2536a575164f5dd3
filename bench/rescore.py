"""Every lead scored anew from a lake, against a bare group-by, SQL and pandas by hand and Spark; growth; snapshots."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from bench.measure import QUICK, Figure, compare
from tests.engine.cluster import cluster

MILLION = 1_000_000
SIZES = (MILLION // 10, MILLION) if QUICK else (MILLION, 10 * MILLION, 100 * MILLION)
"""Signals; a hundred a lead."""
ROUNDS = 1 if QUICK else 3
PANDAS = 160
"""Bytes that pandas takes for a signal."""


class Took(NamedTuple):
    """What one process took."""

    cpu: float
    """Seconds of all its threads, which other programs on the machine disturb least."""
    clock: float
    """Seconds."""
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
        yield from _against_pandas(lakes)
        yield from _growth(lakes)
        if not QUICK:
            yield from _by_spark(lakes[SIZES[-1]], SIZES[-1])
        yield from _snapshot(lakes[SIZES[-1]], SIZES[-1])


def _against_others(lakes: dict[int, Path]) -> Iterator[Figure]:
    largest = SIZES[-1]
    for what, note in (
        ("bare", "reference: count by identity and kind over the same files"),
        ("bare-times", "reference: the same with the last time of each"),
        ("hand", "reference: the same scores by SQL written by hand"),
    ):
        ours, theirs = (partial(_cpu, side, lakes[largest]) for side in ("full", what))
        yield compare(f"full rescore, {largest:,} signals", "s of CPU", ours, theirs, rounds=ROUNDS, note=note)
    full, bare = _run("full", lakes[largest]), _run("bare", lakes[largest])
    yield Figure(
        f"full rescore, {largest:,} signals, memory", "MB", full.memory, bare.memory, full.memory / bare.memory, 0.0,
        "reference: the bare group-by",
    )  # fmt: skip


def _against_pandas(lakes: dict[int, Path]) -> Iterator[Figure]:
    """Of the largest lake that memory holds as pandas wants it; one round, for it takes minutes."""
    size = max(many for many in SIZES[1:] if many * PANDAS < _memory() or many == SIZES[1])
    ours, theirs = (_run(side, lakes[size]) for side in ("full", "pandas"))
    for unit, mine, other in (
        ("s of CPU", ours.cpu, theirs.cpu), ("s", ours.clock, theirs.clock), ("MB", ours.memory, theirs.memory)
    ):  # fmt: skip
        note = "reference: intent alone by pandas; one round"
        yield Figure(f"full rescore, {size:,} signals", unit, mine, other, mine / other, 0.0, note)


def _memory() -> int:
    """Bytes of this machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _by_spark(lake: Path, size: int) -> Iterator[Figure]:
    """A master and two workers of a core each on this machine; the tables are compared."""
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), memory="3g") as url:
        submit = "--executor-memory 2g --driver-memory 2g pyspark-shell"
        theirs = _run("spark", lake, url=url, PYSPARK_SUBMIT_ARGS=submit)
    ours = _run("full", lake, url="here")
    unlike = _unlike(f"{lake}-full.parquet", f"{lake}-spark.parquet/*.parquet")
    note = f"reference: DuckDB; {unlike:,} of {ours.rows:,} rows differ; one round"
    yield Figure(
        f"full rescore, {size:,} signals, Spark", "s", theirs.clock, ours.clock, theirs.clock / ours.clock, 0.0, note
    )


def _unlike(one: str, other: str) -> int:
    """How many rows of two tables of scores differ, by more than the ninth digit where they are numbers."""
    with duckdb.connect() as connection:
        mine, theirs = connection.read_parquet(one), connection.read_parquet(other)
        same = " AND ".join(
            f'(ABS(o."{name}" - m."{name}") <= 1e-9 OR (o."{name}" IS NULL AND m."{name}" IS NULL))'
            if kind == "DOUBLE" else f'o."{name}" IS NOT DISTINCT FROM m."{name}"'
            for name, kind in zip(mine.columns, map(str, mine.types), strict=True)
        )  # fmt: skip
        mine.create_view("mine")
        theirs.create_view("theirs")
        text = f"SELECT COUNT(*) - COUNT(*) FILTER ({same}) FROM mine AS o FULL JOIN theirs AS m ON o.lead = m.lead"
        return int(connection.execute(text).fetchall()[0][0])


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


def _run(what: str, lake: Path, size: int = 0, url: str = "", **environment: str) -> Took:
    command = [sys.executable, "-m", "bench.rescore_side", what, str(lake), str(size), url]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | environment)
    return Took(*json.loads(done.stdout.splitlines()[-1]))
