"""The lake: what comes in is there once, whatever happens on the way, and faults are found."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.request import Request, urlopen

import pyarrow as pa
import pytest
from moto.server import ThreadedMotoServer

from assay.domain.errors import BadInput, Refused
from assay.engine.duck import duck
from assay.engine.lake import writing
from assay.engine.lake.manifest import BLOCK, BUCKETS, Block
from assay.engine.lake.reading import faults, small, table
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer

Row = tuple[int, int, bool]
"""Id, identity, bot."""


class Source:
    """A database's log of signals."""

    def __init__(self, rows: list[Row]) -> None:
        self.log = rows

    @property
    def last(self) -> int:
        return max((row[0] for row in self.log), default=0)

    def rows(self, first: int, last: int) -> pa.RecordBatchReader:
        found = [row for row in self.log if first <= row[0] <= last]
        columns = {
            "id": pa.array([row[0] for row in found], pa.int64()),
            "identity": pa.array([row[1] for row in found], pa.int64()),
            "kind": pa.array(["page_view"] * len(found), pa.string()),
            "at": pa.array(["2026-03-29 00:30:00.000001"] * len(found), pa.string()),
            "bot": pa.array([int(row[2]) for row in found], pa.int64()),
        }
        return pa.table(columns).to_reader()

    def blocks(self, last: int) -> Mapping[int, Block]:
        found: dict[int, Block] = {}
        for number, _, bot in self.log:
            if number <= last:
                rows, total, marked = found.get(number // BLOCK, (0, 0, 0))
                found[number // BLOCK] = (rows + 1, total + number, marked + bot)
        return found


def synced(store: Store, source: Source) -> int:
    return Writer(store).sync("signals", source.last, source.rows, source.blocks)


def held(store: Store) -> list[Row]:
    log = store.manifest().log("signals")
    with duck("UTC") as backend:
        rows = (
            table(backend, store, log.files).select("id", "identity", "bot").order("id").fetchall() if log.files else []
        )
    return [(number, identity, bot) for number, identity, bot in rows]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lake")


@pytest.fixture
def source() -> Source:
    """Rows in three blocks of ids, some of them left out as a rolled-back transaction does."""
    return Source([(number, number % 40, number % 7 == 0) for number in range(5, 3 * BLOCK, 997)])


def test_what_is_new_is_added_and_nothing_else(store: Store, source: Source) -> None:
    whole = source.log
    source.log = whole[:200]
    assert synced(store, source) == 200
    before = {file.path for file in store.manifest().files}
    source.log = whole
    assert synced(store, source) == len(whole) - 200
    assert before < {file.path for file in store.manifest().files}
    assert (held(store), synced(store, source), list(faults(store, store.manifest()))) == (whole, 0, [])


def test_rows_stand_by_bucket_in_the_order_of_whose_they_are(store: Store, source: Source) -> None:
    synced(store, source)
    with duck("UTC") as backend:
        for file in store.manifest().log("signals").files:
            rows = table(backend, store, [file]).select("identity", "id", "at").fetchall()
            assert rows == sorted(rows)
            assert {row[0] % BUCKETS for row in rows} == {file.bucket}
            assert {row[2] for row in rows} == {1774744200000001}


def test_what_was_erased_marked_or_came_late_is_mended(store: Store, source: Source) -> None:
    synced(store, source)
    first, second, *rest = source.log
    source.log = [(first[0], first[1], not first[2]), *rest, (second[0] + 1, 3, False)]  # marked, erased, late
    untouched = [file for file in store.manifest().files if file.first >= BLOCK]
    synced(store, source)
    assert held(store) == sorted(source.log)
    assert list(faults(store, store.manifest())) == []
    assert set(untouched) <= set(store.manifest().files)


def test_a_log_that_was_emptied_is_empty(store: Store, source: Source) -> None:
    synced(store, source)
    source.log = []
    synced(store, source)
    assert held(store) == []


def test_a_process_that_is_killed_loses_nothing_and_leaves_nothing(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS", BLOCK)

    def killed(first: int, last: int) -> pa.RecordBatchReader:
        if first > BLOCK:
            raise KeyboardInterrupt
        return source.rows(first, last)

    with pytest.raises(KeyboardInterrupt):
        Writer(store).sync("signals", source.last, killed, source.blocks)
    stray = Path(store.path("signals/00/99999999.parquet"))
    stray.write_bytes(b"half a file")
    assert [row for row in source.log if row[0] <= BLOCK] == held(store)
    synced(store, source)
    assert held(store) == source.log
    assert not stray.exists()


def test_many_small_files_are_put_together(store: Store, source: Source) -> None:
    whole = source.log
    for count in range(20, 20 + 9 * 3 * BUCKETS, 3 * BUCKETS):
        source.log = whole[:count]
        synced(store, source)
    files = store.manifest().log("signals").files
    assert max(sum(file.bucket == bucket for file in files) for bucket in range(BUCKETS)) <= writing.PARTS
    assert held(store) == source.log
    assert len(list(Path(store.root).rglob("*.parquet"))) == len(files)


def test_a_small_table_is_replaced(store: Store) -> None:
    schema = pa.schema([("identity", pa.int64()), ("lead", pa.int64())])
    for lead in (1, 2):
        Writer(store).replace("identities", schema, [pa.record_batch([[7], [lead]], schema=schema)])
    with duck("UTC") as backend:
        assert small(backend, store, store.manifest(), "identities").fetchall() == [(7, 2)]
        with pytest.raises(BadInput, match="assay lake sync"):
            small(backend, store, store.manifest(), "leads")


def test_faults_are_found(store: Store, source: Source) -> None:
    synced(store, source)
    manifest = store.manifest()
    lost, broken = manifest.files[:2]
    Path(store.path(lost.path)).unlink()
    Path(store.path(broken.path)).write_bytes(b"broken")
    assert list(faults(store, manifest)) == [f"{lost.path} is not there.", f"{broken.path} is not as it was written."]


def test_counts_that_do_not_agree_are_found(store: Store, source: Source) -> None:
    synced(store, source)
    manifest = store.manifest()
    rows, total, marked = manifest.log("signals").blocks[1]
    manifest.log("signals").blocks[1] = (rows + 1, total, marked)
    assert [fault.split(" are")[0] for fault in faults(store, manifest)] == [f"signals from id {BLOCK} on"]


def test_two_writers_do_not_meet(store: Store) -> None:
    with store.alone(), pytest.raises(Refused, match="Another process"), Store(store.root).alone():
        pass


def test_a_lake_by_url(tmp_path: Path, source: Source) -> None:
    store = Store(f"file://{tmp_path}/by-url")
    store.is_folder = False  # as an object store is written and read
    synced(store, source)
    assert held(store) == source.log


@pytest.mark.parametrize("written", [b"{", b'{"format": 99}'])
def test_a_manifest_that_is_none_is_refused(store: Store, written: bytes) -> None:
    Path(store.root).mkdir()
    Path(store.path("manifest.json")).write_bytes(written)
    with pytest.raises(BadInput):
        store.manifest()


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="ASSAY_LAKE"):
        Store("gopher://somewhere/else")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a place in an S3-compatible server on this machine."""
    for name, value in (("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")):
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    urlopen(Request(f"http://{host}:{port}/firm", method="PUT")).close()
    yield f"s3://firm/assay?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


def test_a_lake_in_an_object_store(bucket: str, source: Source) -> None:
    store = Store(bucket)
    assert store.url("x.parquet") == "s3a://firm/assay/x.parquet"
    whole = source.log
    source.log = whole[:200]
    synced(store, source)
    source.log = whole[1:]
    synced(store, source)
    assert held(Store(bucket)) == whole[1:]
    first, second = store.manifest().files[:2]
    assert list(faults(store, store.manifest())) == []
    store.files.delete_file(store.path(first.path))
    with store.files.open_output_stream(store.path(second.path)) as file:
        file.write(b"broken")
    wrong = [f"{first.path} is not there.", f"{second.path} is not as it was written."]
    assert list(faults(store, store.manifest())) == wrong
