"""Rows into the lake: logs grow by new files in every bucket, small tables are replaced as a whole."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from assay.domain.policy import Policy
from assay.engine.days import micros
from assay.engine.duck import Duck, Relation, duck
from assay.engine.lake.manifest import BLOCK, BUCKETS, Block, File, Log, Snapshot
from assay.engine.lake.reading import counted_in_blocks, table
from assay.engine.lake.states import folded_once, usable, what_counts
from assay.engine.lake.store import Store

ROWS = 5_000_000
"""Ids that are read and committed at once: what a kill loses, and what has to fit into memory."""
GROUP = 50_000
"""Rows of a small table that are written together."""
PARTS = 8
"""Files of one bucket that are put together."""
COMPRESSION = "lz4"
"""Of what is large: half as large again as zstd leaves it, for half the work of reading it."""
ENOUGH = 10
"""A snapshot is made anew when a tenth of what it could hold is not in it."""

SNAPSHOT_PARTS = 8
"""Files of a snapshot, of some buckets each."""

TIMES = ("at", "received_at")

Rows = Callable[[int, int], pa.RecordBatchReader]
"""The rows of a log with ids from one to another, both included."""
Counts = Callable[[int], Mapping[int, Block]]
"""The blocks of a log up to an id, as the database has them."""


class Writer:
    """Writes to one lake. Whatever is committed is whole; a process that is killed leaves nothing else."""

    def __init__(self, store: Store) -> None:
        self.store, self.manifest = store, store.manifest()
        store.files.create_dir(store.root)
        store.sweep(self.manifest)

    def sync(self, name: str, last: int, rows: Rows, counts: Counts) -> int:
        """Bring a log up to ``last``: mend blocks that differ from the database, then add what is new.

        Returns how many rows were written. Each step is committed, so that it goes on where it was cut off.
        """
        log = self.manifest.log(name)
        known = counts(log.last) if log.last else {}
        written = 0
        if changed := [
            block for block in known.keys() | log.blocks.keys() if known.get(block) != log.blocks.get(block)
        ]:
            written += self._mend(name, log, sorted(changed), rows)
        while log.last < last:
            upto, log.settled = min(last, log.last + ROWS), log.last
            with duck("UTC") as backend:
                fresh = self._take(backend, rows(log.last + 1, upto))
                written += self._add(name, log, fresh, upto)
        self._compact(name, log)
        return written

    def keep_snapshot(self, policy: Policy, now: datetime) -> bool:
        """Fold what has settled once and for all, where enough of it came since the last time. Returns whether it did.

        Kinds, half-lives and days of a policy make a snapshot of their own; there is one, of the policy used last.
        """
        log, before = self.manifest.log("signals"), usable(self.manifest, policy, now)
        settled = [file for file in log.files if file.last <= log.settled]
        fresh = [file for file in settled if before is None or file.last > before.upto]
        if sum(file.rows for file in fresh) * ENOUGH <= sum(file.rows for file in settled):
            return False
        fresh += before.waiting if before else []
        kept = Snapshot(log.settled, micros(now), what_counts(policy))
        with duck("UTC") as backend:
            for part in range(SNAPSHOT_PARTS):  # one after another: the states of all are more than memory should hold
                mine = [file for file in fresh if file.bucket % SNAPSHOT_PARTS == part]
                then = before and before.part(part)
                rows, waiting = folded_once(backend, self.store, self.manifest, then, mine, policy, now)
                kept.files.extend(self._file("snapshot", rows.order("lead"), part))
                kept.waiting.extend(self._file("waiting", waiting, part))
        self.manifest.snapshot = kept
        self.store.commit(self.manifest)
        self.store.sweep(self.manifest)
        return True

    def replace(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Replace a small table. Returns how many rows it has."""
        with TemporaryDirectory(prefix="assay-lake-") as folder:
            draft, count = Path(folder, "draft.parquet"), 0
            with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
                for some in _gathered(batches):
                    writer.write_table(pa.Table.from_batches(some, schema))
                    count += sum(batch.num_rows for batch in some)
            path = self._next(name)
            self.manifest.tables[name] = File(path, count, self.store.put(draft, path))
        self.store.commit(self.manifest)
        return count

    def _take(self, backend: Duck, rows: pa.RecordBatchReader) -> Relation:
        """Rows as the lake keeps them: times in microseconds, truth as such."""
        given = backend.load(rows)
        columns = [
            f"EPOCH_US(CAST({_quoted(name)} AS TIMESTAMPTZ)) AS {_quoted(name)}" if name in TIMES
            else f"CAST({name} AS BOOLEAN) AS {name}" if name == "bot" else name
            for name in given.columns
        ]  # fmt: skip
        return backend.keep(given.select(", ".join(columns)))

    def _add(self, name: str, log: Log, fresh: Relation, upto: int) -> int:
        """New files of rows that are not in the lake yet."""
        log.files += self._files(name, fresh)
        counted = counted_in_blocks(fresh)
        for block, (rows, total, marked) in counted.items():
            before = log.blocks.get(block, (0, 0, 0))
            log.blocks[block] = (before[0] + rows, before[1] + total, before[2] + marked)
        log.last = upto
        self.store.commit(self.manifest)
        return sum(rows for rows, _, _ in counted.values())

    def _mend(self, name: str, log: Log, changed: Collection[int], rows: Rows) -> int:
        """Write files anew that hold blocks in which the database has other rows than the lake."""
        touched = [
            file for file in log.files if any(file.first // BLOCK <= block <= file.last // BLOCK for block in changed)
        ]
        snapshot = self.manifest.snapshot
        if name == "signals" and snapshot and min(changed) * BLOCK <= snapshot.upto:
            self.manifest.snapshot = None
        with duck("UTC") as backend:
            fresh = [
                self._take(backend, rows(block * BLOCK, min(block * BLOCK + BLOCK - 1, log.last))) for block in changed
            ]
            kept = (
                [table(backend, self.store, touched).filter(f"id // {BLOCK} NOT IN ({_listed(changed)})")]
                if touched
                else []
            )
            together = [*kept, *fresh]
            whole = together[0]
            for more in together[1:]:
                whole = whole.union(more)
            whole = backend.keep(whole)
            written = self._files(name, whole)
            log.files = [file for file in log.files if file not in touched] + written
            for block, part in zip(changed, fresh, strict=True):
                log.blocks.pop(block, None)
                log.blocks |= counted_in_blocks(part)
        self.store.commit(self.manifest)
        self.store.sweep(self.manifest)
        return sum(file.rows for file in written)

    def _compact(self, name: str, log: Log) -> None:
        """Put the files of a bucket together where they have become many.

        Those in the snapshot and those since stay apart, and the newest by themselves: a change in them costs little.
        """
        snapshot = self.manifest.snapshot if name == "signals" else None
        since = {file.path for file in self.manifest.since(snapshot)}
        for bucket, held in product(range(BUCKETS), (True, False)):
            parts = [
                file
                for file in log.files
                if file.bucket == bucket and file.first <= log.settled and (file.path not in since) == held
            ]
            if len(parts) >= PARTS:
                with duck("UTC") as backend:
                    whole = self._files(name, table(backend, self.store, parts))
                log.files = [file for file in log.files if file not in parts] + whole
                self.store.commit(self.manifest)
        self.store.sweep(self.manifest)

    def _files(self, name: str, rows: Relation) -> list[File]:
        """A file for each bucket that has rows, sorted by whose they are."""
        whose, files = rows.columns[1], list[File]()
        bucketed = rows.aggregate(f"{whose} % {BUCKETS} AS bucket, COUNT(*), MIN(id), MAX(id)", "bucket")
        with TemporaryDirectory(prefix="assay-lake-", dir=self.store.root if self.store.is_folder else None) as folder:
            for bucket, count, first, last in sorted(bucketed.fetchall()):
                draft, path = Path(folder, "draft.parquet"), self._next(f"{name}/{bucket:02}")
                mine = rows.filter(f"{whose} % {BUCKETS} = {bucket}").order(f"{whose}, id")
                mine.write_parquet(str(draft), compression=COMPRESSION)
                files.append(File(path, count, self.store.put(draft, path), bucket, first, last))
        return files

    def _file(self, name: str, rows: Relation, bucket: int) -> list[File]:
        """A file of rows that are counted as they are written, or none."""
        with TemporaryDirectory(prefix="assay-lake-") as folder:
            draft = Path(folder, "draft.parquet")
            rows.write_parquet(str(draft), compression=COMPRESSION)
            if not (count := pq.read_metadata(draft).num_rows):
                return []
            path = self._next(name)
            return [File(path, count, self.store.put(draft, path), bucket)]

    def _next(self, name: str) -> str:
        self.manifest.written += 1
        return f"{name}/{self.manifest.written:08}.parquet"


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches by so many rows that what reads the file does so in large pieces."""
    some, count = list[pa.RecordBatch](), 0
    for batch in batches:
        some.append(batch)
        count += batch.num_rows
        if count >= GROUP:
            yield some
            some, count = [], 0
    if some:
        yield some


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _quoted(name: str) -> str:
    return f'"{name}"'
