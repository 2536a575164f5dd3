"""A draft replayed on 180 days of a million leads, against one full rescore of the same lake; and by Spark."""

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb

from assay.engine.backend import Backend
from assay.engine.backtest.period import Period
from assay.engine.backtest.replay import replay
from assay.engine.duck import duck
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer
from assay.policies import shipped
from bench.measure import QUICK, Figure, compare, cpu_seconds
from bench.rescore_side import full
from tests.engine.cluster import HOST, cluster

LEADS = 50_000 if QUICK else 1_000_000
EACH = (10,) if QUICK else (10, 100)
"""Signals of a lead on average, over all the days."""
DAYS = 180
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
START = int((NOW - timedelta(days=DAYS)).timestamp())

SIGNALS = """
    SELECT id, 1 + hash(id) % {leads} AS identity,
           kinds[1 + CAST(floor(len(kinds) * pow((hash(id + 7) % 1000) / 1000.0, 2.5)) AS INT)] AS kind,
           to_timestamp({start} + {seconds} * (id / {count})) AS at,
           to_timestamp({start} + {seconds} * (id / {count})) AS received_at, hash(id + 3) % 50 = 0 AS bot
    FROM (SELECT range AS id, {kinds} AS kinds FROM range(1, {count} + 1))
"""
DECISIONS = """
    SELECT id, 1 + (id - 1) % {leads} AS lead, 1 AS pass_no, ['capture', 'promote', 'accept'][turn] AS move,
           ['', 'lead', 'mql'][turn] AS from_rung, ['lead', 'mql', 'sql'][turn] AS to_rung,
           to_timestamp({start} + (turn - 1) * 86400 * (1 + lead % 170)) AS at, '' AS reason, 1 AS policy
    FROM (SELECT range AS id, 1 + (range - 1) // {leads} AS turn FROM range(1, 3 * {leads} + 1))
    WHERE turn = 1 OR lead % 20 = 0
"""
"""Every twentieth was sent to the gate and accepted."""
LEAD = """
    SELECT range AS lead, to_timestamp({start}) AS captured_at, 'lead' AS rung,
           MAP {{
               'person.title': ['Head of Sales', 'Intern', 'CEO', 'Accountant'][1 + range % 4],
               'company.employees': (5 + range % 900)::VARCHAR,
               'company.industry': ['Software', 'Retail', 'Logistics'][1 + range % 3],
               'company.country': ['FR', 'DE', 'BR', 'GB'][1 + range // 7 % 4],
               'company.budget': (5000 + range % 40000)::VARCHAR
           }} AS facts
    FROM range(1, {leads} + 1)
"""
EDITS = """
    SELECT range * 50 AS lead, to_timestamp({start} + 86400 * (range % 180)) AS at, 'company.employees' AS field,
           '3' AS before, '120' AS after
    FROM range(1, {leads} // 50 + 1)
"""
REMARKS = "SELECT 1::BIGINT AS decision, NULL::DOUBLE AS exploration, NULL::DATE AS look_again WHERE FALSE"
IDENTITIES = "SELECT range AS identity, range AS lead FROM range(1, {leads} + 1)"


def figures() -> Iterator[Figure]:
    """Seconds of CPU of both, in turn, for each number of signals."""
    for each in EACH:
        with tempfile.TemporaryDirectory() as folder:
            store = _lake(Path(folder, "lake"), each)
            yield compare(
                f"backtest of {DAYS} days, {LEADS:,} leads, {LEADS * each:,} signals",
                "s of CPU",
                partial(cpu_seconds, partial(_replayed, store)),
                partial(cpu_seconds, partial(full, store, shipped(), f"{folder}/scores.parquet")),
                rounds=3,
                note="reference: one full rescore of the same lake, with parts, written as Parquet",
            )
            if not QUICK and each == EACH[-1]:
                yield by_spark(store, each)


def by_spark(store: Store, each: int) -> Figure:
    """A master and two workers of a core each on this machine; the stories are compared."""
    from assay.engine.spark import spark  # takes a hundred megabytes that no other side should count

    begun = time.perf_counter()
    ours = _replayed(store)
    here, submit = time.perf_counter() - begun, "--executor-memory 4g --driver-memory 2g pyspark-shell"
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), memory="4g") as url:
        os.environ |= {"PYSPARK_SUBMIT_ARGS": f"--conf spark.local.dir={folder} {submit}", "SPARK_LOCAL_IP": HOST}
        begun = time.perf_counter()
        with spark(url, "UTC") as backend:
            theirs = _stories(backend, store)
        there = time.perf_counter() - begun
    differ = len(set(ours) ^ set(theirs))
    note = f"reference: DuckDB; {differ} of {len(ours)} rows differ; one round"
    return Figure(
        f"backtest of {DAYS} days, {LEADS:,} leads, {LEADS * each:,} signals, Spark",
        "s",
        there,
        here,
        there / here,
        0.0,
        note,
    )


def _replayed(store: Store) -> list[str]:
    with duck("UTC") as backend:
        return _stories(backend, store)


def _stories(backend: Backend, store: Store) -> list[str]:
    """What the draft would have done: each story with how often it was."""
    first = (NOW - timedelta(days=DAYS)).date()
    period = Period(shipped(), first, first + timedelta(days=DAYS - 1), NOW)
    return [str(row) for row in replay(backend, store, store.manifest(), period).stories.to_pylist()]


def _lake(place: Path, each: int) -> Store:
    """A lake as a sync writes it."""
    store = Store(place)
    said: dict[str, object] = {"leads": LEADS, "start": START, "seconds": DAYS * 86_400, "count": LEADS * each}
    said |= {"kinds": list(shipped().intent.signals)}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, text, last in (("signals", SIGNALS, LEADS * each), ("decisions", DECISIONS, 3 * LEADS)):
            log = f"SELECT * FROM ({text.format(**said)}) WHERE id BETWEEN {{first}} AND {{last}}"

            def rows(first: int, upto: int, log: str = log) -> object:
                return connection.sql(log.format(first=first, last=upto)).to_arrow_reader(100_000)

            Writer(store).sync(name, last, rows, lambda _last: {})
        tables = {"leads": LEAD, "edits": EDITS, "remarks": REMARKS, "identities": IDENTITIES}
        for name, text in tables.items():
            table = connection.sql(text.format(**said)).to_arrow_reader(100_000)
            Writer(store).replace(name, table.schema, table)
    return store
