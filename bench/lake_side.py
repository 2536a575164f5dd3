"""The process of bench/lake.py: fills a database, syncs it and writes scores back, each beside the bare rows."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

import pyarrow.parquet as pq  # noqa: E402 - Django has to be set up first
from django.db import connection, models, transaction  # noqa: E402

from assay.actions.policies import new_version, rule  # noqa: E402
from assay.actions.rescoring import Folded, write_back  # noqa: E402
from assay.actions.writing import columns_of, insert_values  # noqa: E402
from assay.cli.lake import synced  # noqa: E402
from assay.engine.duck import duck  # noqa: E402
from assay.engine.lake.manifest import BLOCK  # noqa: E402
from assay.engine.lake.rescoring import changed  # noqa: E402
from assay.engine.lake.store import Store  # noqa: E402
from assay.engine.lake.writing import Writer  # noqa: E402
from assay.policies import shipped  # noqa: E402
from assay.records.bulk import SIGNALS, reading  # noqa: E402
from assay.records.models import Lead, Score, Signal  # noqa: E402
from assay.settings import current  # noqa: E402
from bench.crowd import crowd  # noqa: E402
from bench.crowd_side import prepared  # noqa: E402
from bench.measure import QUICK, Figure, compare  # noqa: E402

ROUNDS = 1 if QUICK else 3
TABLES: Sequence[tuple[type[models.Model], Sequence[str]]] = (
    (Lead, ("id", *Lead.SCORED)),
    (Score, ("lead", "policy", "as_of", "parts", "missing")),
)


def syncing(database: str, leads: int) -> Iterator[Figure]:
    """A first sync of the log of signals, and of all there is, against reading the same signals into one file."""
    lake, plain = Path(current.lake_place), current.home / "plain.parquet"
    signals = Signal.objects.count()

    def ours(work: Callable[[], object]) -> float:
        shutil.rmtree(lake, ignore_errors=True)
        return _each(work, signals)

    def bare() -> None:
        with reading() as reader:
            rows = reader.rows(SIGNALS, 1, reader.last(SIGNALS))
            with pq.ParquetWriter(plain, rows.schema, compression="zstd") as writer:
                for batch in rows:
                    writer.write_batch(batch)

    for what, work, with_it in (
        ("log", _log, "into 16 buckets, sorted"),
        ("lake", synced, f"with decisions, and {leads:,} leads with their facts"),
    ):
        note = f"{with_it}; reference: the same signals by ADBC into one file"
        name = f"{what} sync, {signals:,} signals, {database}"
        yield compare(name, "signals/s", partial(ours, work), lambda: _each(bare, signals), rounds=ROUNDS, note=note)


def _log() -> None:
    writer = Writer(Store(current.lake_place))
    with reading() as reader:
        rows, blocks = (partial(read, SIGNALS) for read in (reader.rows, reader.blocks))
        writer.sync(SIGNALS.name, reader.last(SIGNALS), rows, partial(blocks, BLOCK))


def writing(database: str) -> Iterator[Figure]:
    """Scores of every lead written back, scored anew on the way; and the switch that puts them in place."""
    at = datetime.now(UTC)
    folded = _folded(at)
    write_back(folded, at)  # the states, which the crowd was given none of
    old = new_version(shipped(), at)
    took = list[float]()

    def ours(step: int) -> float:
        """Every lead is written as under a new rule; notes how long the last step took."""
        nonlocal at
        at += timedelta(seconds=1)
        Score.objects.filter(pk=folded[0][0]).update(policy=old)
        ready = time.perf_counter()

        def prepared(_: int) -> None:
            nonlocal ready
            ready = time.perf_counter()

        start = time.perf_counter()
        write_back(folded, at, prepared)
        done = time.perf_counter()
        took.append(done - ready)
        return len(folded) / (done - (start, ready)[step])

    rows = [list(model._base_manager.order_by("pk").values_list(*names)) for model, names in TABLES]
    bare = partial(_each, partial(_plain, rows), len(folded))
    note = "reference: the same rows by executemany or COPY into empty tables without keys"
    for step, what in enumerate(("write-back, scoring included", "write-back, the switch")):
        name = f"{what}, {len(folded):,} leads, {database}"
        yield compare(name, "leads/s", partial(ours, step), bare, rounds=ROUNDS, note=note)


def _folded(at: datetime) -> list[Folded]:
    _, store = synced()
    now = rule(at)
    with duck(now.policy.timezone) as backend:
        return list(changed(backend, store, store.manifest(), now.policy, now.version, at))


def _plain(rows: Sequence[Sequence[tuple[object, ...]]]) -> None:
    with transaction.atomic():
        for (model, names), some in zip(TABLES, rows, strict=True):
            table = f"plain_{model._meta.db_table}"
            columns = ", ".join(columns_of(model, names))
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
                cursor.execute(f"CREATE TABLE {table} AS SELECT {columns} FROM {model._meta.db_table} WHERE 1 = 0")
            insert_values(model, names, some, table)


def _each(work: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def main(database: str, leads: int) -> list[Figure]:
    """Fill the database, then take the figures."""
    crowd(leads, prepared(), datetime.now(UTC))
    return [*syncing(database, leads), *writing(database)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(figure) for figure in main(sys.argv[1], int(sys.argv[2]))]))
