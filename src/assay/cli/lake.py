"""`assay lake`: the records as Parquet files, for the engine and for whoever analyses them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory

import duckdb

from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.failures import Unsound
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.words import counted
from assay.domain.errors import BadInput
from assay.engine.lake.manifest import BLOCK, Manifest
from assay.engine.lake.reading import faults
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer
from assay.records.bulk import LOGS, READ, TABLES, Reader, reading
from assay.settings import current

app = group()


@app.callback()
def lake() -> None:
    """Keep a copy of signals, decisions and leads as Parquet files, and check it.

    \b
    Example:
      assay lake sync
    """


@app.command("sync")
@with_database
def sync(json: Json = False) -> None:
    """Bring the lake up to date: what is new, and what changed since.

    It may be stopped at any time and goes on where it was.

    \b
    Example:
      assay lake sync
    """
    written, store = synced()
    if json:
        show_json({"lake": store.root, "written": written})
    else:
        say(", ".join(f"{rows:,} {name}" for name, rows in written.items()) + f" written to {store.root}.")


@app.command("verify")
@with_database
def verify(json: Json = False) -> None:
    """Check every file of the lake against what was written, and the lake against the database.

    \b
    Example:
      assay lake verify
    """
    store = Store(current.lake_place)
    manifest = store.manifest()
    found = list(faults(store, manifest))
    with reading() as reader:
        behind = {log.name: _behind(manifest, reader, log.name) for log in LOGS}
    if json:
        rows = {name: log.rows for name, log in manifest.logs.items()}
        show_json({"lake": store.root, "rows": rows, "behind": behind, "faults": found})
    else:
        for name, log in manifest.logs.items():
            missing = f"; {counted(behind[name], 'block')} differ from the database" if behind[name] else ""
            say(f"{name}: {counted(log.rows, 'row')} in {counted(len(log.files), 'file')}{missing}")
        for sentence in found:
            say(sentence)
    if found:
        raise Unsound(["lake"])


@contextmanager
def up_to_date() -> Iterator[Store]:
    """The lake brought up to date; where there is none, one that is made for the while."""
    store = Store(current.lake_place)
    if store.manifest().tables:
        yield synced(store)[1]
        return
    with TemporaryDirectory(prefix="assay-lake-") as folder:
        yield synced(Store(folder))[1]


def synced(store: Store | None = None) -> tuple[dict[str, int], Store]:
    """The lake brought up to date, and how many rows of each table that took."""
    store = store or Store(current.lake_place)
    with store.alone():
        writer, written = Writer(store), dict[str, int]()
        with reading() as reader:
            for log in LOGS:
                written[log.name] = writer.sync(
                    log.name, reader.last(log), partial(reader.rows, log), partial(reader.blocks, log, BLOCK)
                )
            for name, (schema, made) in READ.items():
                written[name] = writer.replace(name, schema, made(reader.read))
        for name, (schema, read) in TABLES.items():
            written[name] = writer.replace(name, schema, read())
    return written, store


@contextmanager
def lake_readable(store: Store) -> Iterator[None]:
    """A file that cannot be read becomes one sentence."""
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        # A sync that runs meanwhile may have put the file together with others.
        hint = "Try again when no sync is running, or check it: assay lake verify"
        raise BadInput("bad_lake", f"A file of the lake {store.root} cannot be read.", hint) from error


def _behind(manifest: Manifest, reader: Reader, name: str) -> int:
    """In how many blocks the database has other rows than the lake."""
    log = next(log for log in LOGS if log.name == name)
    there, here = reader.blocks(log, BLOCK, reader.last(log)), manifest.log(name).blocks
    return sum(there.get(block) != here.get(block) for block in there.keys() | here.keys())
