"""One side of bench/rescore.py, run as a process of its own: prints seconds of CPU, megabytes and rows."""

import json
import resource
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import narwhals as nw

from assay.domain.policy import Policy
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
    manifest = store.manifest()
    if not snapshot:
        manifest.snapshot = None
    with duck(policy.timezone) as backend:
        leads = backend.keep(leads_of(backend, store, manifest, policy))
        tallies = tallies_of(backend, store, manifest, policy, LATER)
        scores = score_leads(backend, policy, leads, tallies, [])
        parts = (nw.col(column).alias(name) for column, name in parts_of(policy).items())
        backend.write(nw.to_native(scores.select("lead", *SCORED, *parts)), out)
        return len(leads)


def bare(store: Store, more: str = "") -> int:
    """The least that folding can be."""
    with duck("UTC") as backend:
        table(backend, store, store.manifest().log("signals").files).create_view("signals")
        backend.connection.execute(BARE.format(more=more))
        return int(backend.connection.sql("SELECT COUNT(*) FROM bare").fetchall()[0][0])


def main(what: str, lake: Path, size: int) -> int:
    """Do what is asked; returns how many rows came of it."""
    store, policy = Store(lake), shipped()
    if what == "fill":
        a_lake(lake, size // 100, size)
        return size
    if what == "grow":
        grow(store, size * 40 // 41 // 100, size)  # in a second step, so that the first has settled
        Writer(store).keep_snapshot(policy, NOW)
        return size
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/scores.parquet"
        return {
            "full": lambda: full(store, policy, out),
            "since": lambda: full(store, policy, out, snapshot=True),
            "bare": lambda: bare(store),
            "bare-times": lambda: bare(store, ', MAX("at") AS last'),
            "hand": lambda: by_sql(store, policy, LATER, out),
            "pandas": lambda: by_pandas(store, policy, LATER, out),
        }[what]()


def cpu() -> float:
    """Seconds of CPU that this process has taken, by all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    before = cpu()
    count = main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps([cpu() - before, most, count]))
