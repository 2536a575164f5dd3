"""Which files make up the lake. A file that the manifest does not name is not there, whatever the folder holds."""

import msgspec

FORMAT = 1
BUCKETS = 16
BLOCK = 100_000
"""Ids that are counted together, to find out cheaply where lake and database differ."""

Block = tuple[int, int, int]
"""Rows, the sum of their ids, and how many are marked."""


class File(msgspec.Struct, frozen=True):
    """A Parquet file by its path within the lake: its rows, their first and last id, its SHA-256."""

    path: str
    rows: int
    digest: str
    bucket: int = 0
    first: int = 0
    last: int = 0


class Snapshot(msgspec.Struct, frozen=True):
    """Signals folded once, those in files that end at an id not above ``upto``, as of a time in microseconds.

    Cut by the order in which rows came in, so that a signal that is late is never missed. ``rule`` is what of a policy
    the fold depends on; ``waiting`` are signals dated later than ``at``.
    """

    upto: int
    at: int
    rule: str
    files: list[File] = []
    waiting: list[File] = []

    def part(self, number: int) -> "Snapshot":
        """One part of it, by the ``bucket`` of its files."""
        files, waiting = ([file for file in some if file.bucket == number] for some in (self.files, self.waiting))
        return msgspec.structs.replace(self, files=files, waiting=waiting)


class Log(msgspec.Struct):
    """An append-only table: its files, up to which id it was read, and what was counted.

    ``settled`` is up to which id it was read before the last time: what is newer is apt to change.
    """

    last: int = 0
    settled: int = 0
    blocks: dict[int, Block] = {}
    files: list[File] = []

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(file.rows for file in self.files)


class Manifest(msgspec.Struct):
    """The lake as it stands: what is whole and consistent."""

    format: int = FORMAT
    written: int = 0
    """How many files were ever written, which names the next one."""
    logs: dict[str, Log] = {}
    tables: dict[str, File] = {}
    snapshot: Snapshot | None = None

    def log(self, name: str) -> Log:
        """A log by name; a new one is empty."""
        return self.logs.setdefault(name, Log())

    @property
    def files(self) -> list[File]:
        """Every file."""
        logs, kept = (file for log in self.logs.values() for file in log.files), self.snapshot
        return [*self.tables.values(), *logs, *(kept.files + kept.waiting if kept else [])]

    def since(self, snapshot: Snapshot | None) -> list[File]:
        """The files of signals that a snapshot has not folded."""
        files = self.log("signals").files
        return [file for file in files if file.last > snapshot.upto] + snapshot.waiting if snapshot else files
