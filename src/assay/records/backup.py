"""A backup: every row as of one moment, and what of the data folder cannot be made anew, in one file."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from assay.records.archive import Cells, Manifest, Table, Writer, writing
from assay.records.snapshot import Kept, kept, last_id, rows, snapshot
from assay.settings import current

SECRET_KEY = "secret-key"  # nosec B105 - the name of a file
UPLOADS = "uploads"
LAST = "last-backup.json"

Advance = Callable[[int], None]


def back_up(path: Path, at: datetime, advance: Advance, apps: Apps = installed) -> Manifest:
    """Write everything to a new file at ``path``; ``advance`` is told of rows as they are written.

    ``apps`` are those whose tables the database has, where these are not the ones of this version. The lake is left
    out, because `assay lake sync` makes it of the rows, and so is a key that stands in ASSAY_SECRET_KEY.
    """
    with writing(path) as archive, snapshot():
        manifest = Manifest(
            assay=version("assay"),
            made_at=at,
            database=connection.vendor,
            migrations=sorted(MigrationRecorder(connection).applied_migrations()),
            tables=[_write(table, archive, advance) for table in kept(apps)],
            files=[entry for name in _files() if (entry := archive.file(name, current.home / name))],
        )
        archive.finish(manifest)
    return manifest


def _write(table: Kept, archive: Writer, advance: Advance) -> Table:
    count, digest = archive.table(table.name, _told(rows(table), advance))
    return Table(table.name, table.label, table.columns, count, last_id(table), digest)


def _told(each: Iterator[Cells], advance: Advance) -> Iterator[Cells]:
    for row in each:
        advance(1)
        yield row


def _files() -> list[str]:
    """What of the data folder goes along: the key that signs, and files handed in and not brought in yet."""
    handed_in = sorted((current.home / UPLOADS).glob("*"))
    key = [] if current.secret_key else [SECRET_KEY]
    return key + [f"{UPLOADS}/{file.name}" for file in handed_in if file.is_file()]


# --- When the last one was made ------------------------------------------------------------------


class Last(msgspec.Struct, frozen=True):
    """The last backup of this installation."""

    at: datetime
    file: str


def remember(path: Path, at: datetime) -> None:
    """Note in the data folder that a backup was made; a restored database must not tell of another's."""
    draft = current.home / ".last-backup.draft"
    draft.write_bytes(msgspec.json.encode(Last(at, str(path.absolute()))))
    draft.replace(current.home / LAST)


def last_backup() -> Last | None:
    """What was noted last; None where nothing was, or nothing that can be read."""
    try:
        return msgspec.json.decode((current.home / LAST).read_bytes(), type=Last)
    except (OSError, msgspec.MsgspecError):
        return None
