"""The file of a backup: a ZIP with a table of rows a member, the files of the data folder, and a manifest at the end.

A table is JSON lines, one row a line in the order of its columns; `unzip -p FILE tables/records_lead.jsonl` shows it.
The rows are written alike whichever database they came from, so that an archive goes into either, and two archives
of the same rows have the same checksums.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from assay.domain.errors import BadInput

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 16
QUICKLY = 1
"""Level of compression: the next ones take twice the time for a tenth less."""

Cells = tuple[object, ...]


class Table(msgspec.Struct, frozen=True):
    """One table: its model as "app.Model", its columns, how many rows, and the last number its ids reached."""

    name: str
    model: str
    columns: list[str]
    rows: int
    last_id: int | None
    sha256: str


class Kept(msgspec.Struct, frozen=True):
    """One file of the data folder, by its path there."""

    path: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds, and the state of the tables it was taken from."""

    assay: str
    made_at: datetime
    database: str
    migrations: list[tuple[str, str]]
    tables: list[Table]
    files: list[Kept]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


encode = msgspec.json.Encoder(order="deterministic").encode


class Writer:
    """Writes an archive, member after member; what is written is counted and summed on the way."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def table(self, name: str, rows: Iterable[Cells]) -> tuple[int, str]:
        """Write one table; returns how many rows, and their checksum."""
        count, digest = 0, hashlib.sha256()
        with self._archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as member:
            for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
                line = encode(row) + b"\n"
                digest.update(line)
                member.write(line)
        return count, digest.hexdigest()

    def file(self, path: str, source: Path) -> Kept | None:
        """Add a file of the data folder; None if it has just gone."""
        try:
            opened = source.open("rb")
        except FileNotFoundError:
            return None
        digest = hashlib.sha256()
        with opened, self._archive.open(f"files/{path}", "w", force_zip64=True) as member:
            while chunk := opened.read(CHUNK):
                digest.update(chunk)
                member.write(chunk)
        return Kept(path, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, without which an archive is none."""
        self._archive.writestr(MANIFEST, msgspec.json.format(encode(manifest), indent=1))


class Reader:
    """Reads an archive; whatever is read to its end is held against its checksum."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self.manifest = archive, manifest

    def lines(self, table: Table) -> Iterator[bytes]:
        """The rows of a table as they are written. Raises BadInput at the end where something was changed."""
        count, digest = 0, hashlib.sha256()
        with self._member(f"tables/{table.name}.jsonl") as member:
            for line in member:
                digest.update(line)
                count += 1
                yield line
        if (count, digest.hexdigest()) != (table.rows, table.sha256):
            raise _damaged(f"table {table.name}")

    def chunks(self, kept: Kept) -> Iterator[bytes]:
        """A file of the data folder. Raises BadInput at the end where something was changed."""
        digest = hashlib.sha256()
        with self._member(f"files/{kept.path}") as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != kept.sha256:
            raise _damaged(kept.path)

    def check(self, advance: Callable[[int], None]) -> None:
        """Read everything against its checksum; ``advance`` is told of rows. Raises BadInput for what was changed."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                advance(1)
        for kept in self.manifest.files:
            for _ in self.chunks(kept):
                pass

    @contextmanager
    def _member(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(name) as member:
                yield member
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
            raise _damaged(name) from error


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive, readable by its owner only: it holds personal data and the key that signs sessions."""
    path.touch(mode=0o600)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICKLY) as archive:
        yield Writer(archive)
    with path.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """An archive that is there. Raises BadInput for a file that is none, or one of a later format."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BadInput("no_file", f"There is no file {path}.") from None
    except zipfile.BadZipFile:
        raise _no_backup(path) from None
    with archive:
        try:
            raw = archive.read(MANIFEST)
            form = msgspec.json.decode(raw, type=_Form).format
            if form > FORMAT:
                said = f"{path} was made by a newer version of Assay (format {form})."
                raise BadInput("newer_backup", said, "Upgrade Assay, then restore it.")
            yield Reader(archive, msgspec.json.decode(raw, type=Manifest))
        except (KeyError, msgspec.MsgspecError):
            raise _no_backup(path) from None


class _Form(msgspec.Struct):
    """All that is asked of a manifest before the rest of it."""

    format: int


def _no_backup(path: Path) -> BadInput:
    hint = "Name a file that `assay backup` wrote; one that was cut off while it was copied is none."
    return BadInput("no_backup", f"{path} is no backup of Assay.", hint)


def _damaged(what: str) -> BadInput:
    said = f"The backup is damaged: {what} is not what was written."
    return BadInput("damaged_backup", said, "Nothing was changed. Take another copy of it, or an older backup.")
