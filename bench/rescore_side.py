"""One side of bench/rescore.py, a process of its own: prints seconds of CPU and of the clock, megabytes and rows."""

import json
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import narwhals as nw

from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.duck import duck
from assay.engine.lake.reading import leads_of, table
from assay.engine.lake.store import Store
from assay.engine.lake.tallies import tallies_of
from assay.engine.lake.writing import Writer
from assay.engine.rule import SCORED, parts_of
from assay.engine.scoring import score_leads
from assay.policies import shipped
from bench.rescore_by_hand import by_pandas, by_sql
from bench.signals_lake import NOW, a_lake, grow

BARE = "CREATE TABLE bare AS SELECT identity, kind, COUNT(*) AS count{more} FROM signals GROUP BY identity, kind"
LATER = NOW + timedelta(days=4)


def full(store: Store, policy: Policy, out: str, *, snapshot: bool = False) -> int:
    """Scores with their parts, written as Parquet."""
    with duck(policy.timezone) as backend:
        backend.write(_scored(backend, store, policy, snapshot), out)
        return len(backend.read(out))


def by_spark(store: Store, policy: Policy, out: str, url: str) -> int:
    """The same by a cluster."""
    from assay.engine.spark import spark  # takes a hundred megabytes that no other side should count

    with spark(url, policy.timezone) as backend:
        _scored(backend, store, policy, snapshot=False).write.parquet(out)
        return int(backend.read(out).count())


def _scored(backend: Backend, store: Store, policy: Policy, snapshot: bool) -> Native:
    manifest = store.manifest()
    if not snapshot:
        manifest.snapshot = None
    leads = backend.keep(leads_of(backend, store, manifest, policy))
    scores = score_leads(backend, policy, leads, tallies_of(backend, store, manifest, policy, LATER), [])
    return nw.to_native(scores.select("lead", *SCORED, *parts_of(policy)))


def bare(store: Store, more: str = "") -> int:
    """The least that folding can be."""
    with duck("UTC") as backend:
        table(backend, store, store.manifest().log("signals").files).create_view("signals")
        backend.connection.execute(BARE.format(more=more))
        return int(backend.connection.sql("SELECT COUNT(*) FROM bare").fetchall()[0][0])


def main(what: str, lake: Path, size: int, url: str = "") -> int:
    """Do what is asked; returns how many rows came of it. With ``url`` what "full" and "spark" write stays."""
    store, policy = Store(lake), shipped()
    if what == "fill":
        a_lake(lake, size // 100, size)
        return size
    if what == "grow":
        grow(store, size * 40 // 41 // 100, size)  # in a second step, so that the first has settled
        Writer(store).keep_snapshot(policy, NOW)
        return size
    with tempfile.TemporaryDirectory() as folder:
        out = f"{lake}-{what}.parquet" if url else f"{folder}/scores.parquet"
        return {
            "full": lambda: full(store, policy, out),
            "since": lambda: full(store, policy, out, snapshot=True),
            "bare": lambda: bare(store),
            "bare-times": lambda: bare(store, ', MAX("at") AS last'),
            "hand": lambda: by_sql(store, policy, LATER, out),
            "spark": lambda: by_spark(store, policy, out, url),
            "pandas": lambda: by_pandas(store, policy, LATER, out),
        }[what]()


def cpu() -> float:
    """Seconds of CPU that this process has taken, by all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    before, start = cpu(), time.perf_counter()
    count = main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps([cpu() - before, time.perf_counter() - start, most, count]))
