"""A file handed in at the desk: opened as a person said, tried on its first rows, and written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Self, TypeAlias, cast

from assay.actions import uploads
from assay.actions.actors import INTAKE, Actor, actor
from assay.actions.imports import Progress, import_costs, import_leads, import_signals
from assay.actions.policies import rule
from assay.domain.errors import BadInput
from assay.domain.policy import Policy
from assay.domain.rows import CostRow, LeadRow, Refusal, SignalRow
from assay.intake.costs import Unsaid
from assay.intake.files import Opened, Reading, open_costs, open_leads, open_signals
from assay.records.imports import ImportKind
from assay.records.models import Import, Upload

TRIED = 2_000
"""Rows of a trial: enough to see what comes, few enough to wait for."""


AS_IT_LOOKS = Reading()
AnyOpened: TypeAlias = Opened[LeadRow] | Opened[SignalRow] | Opened[CostRow]


@dataclass(frozen=True, slots=True)
class Options:
    """How a person wants a file to be read. ``columns`` (field -> column) are all there is; None finds them by name."""

    reading: Reading = AS_IT_LOOKS
    source: str = ""
    columns: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, object]:
        """For an upload's ``reading``."""
        return {"reading": self.reading._asdict(), "source": self.source, "columns": self.columns}

    @classmethod
    def of(cls, upload: Upload) -> Self:
        """The options an upload keeps."""
        said = upload.reading
        return cls(Reading(**said["reading"]), said["source"], said["columns"]) if said else cls()

    def open(self, upload: Upload, path: Path, policy: Policy) -> AnyOpened:
        """The file with its columns as fields. Raises BadInput."""
        only, columns = self.columns is not None, self.columns or {}
        if upload.kind == ImportKind.SIGNALS:
            return open_signals(path, self.reading, policy.zone, columns, only=only)
        if upload.kind == ImportKind.COSTS:
            return open_costs(path, self.reading, Unsaid(self.source, policy.currency), columns, only=only)
        source = self.source or f"Import: {upload.file_name}"[:200]
        return open_leads(path, self.reading, policy.zone, columns, source, only=only)


@dataclass(frozen=True, slots=True)
class Trial:
    """What the first rows of a file would do. ``whole`` says they are all there are."""

    counts: Mapping[str, int]
    refused: tuple[Refusal, ...]
    whole: bool


def attempt(upload: Upload, opened: AnyOpened, by: Actor, at: datetime) -> Trial:
    """Bring the first rows in and take that back."""
    rows = iter(opened.rows)
    first = list(islice(rows, TRIED))
    whole = next(rows, None) is None
    done = _import(upload, first, opened.mapping, by, at, dry_run=True)
    refused = tuple(Refusal(row.line, row.code, row.sentence, row.raw) for row in done.told)
    return Trial(done.counts, refused, whole)


def write(upload: Upload) -> Import:
    """Bring a file in for whoever said so, telling the upload how far it is. Raises BadInput where no row is usable."""
    at = upload.started_at or datetime.now(UTC)
    opened = Options.of(upload).open(upload, uploads.path_of(upload), rule(at).policy)
    rows = usable = 0
    for row in opened.table:
        rows += 1
        usable += not isinstance(row, Refusal)
    if not usable:
        raise BadInput("nothing_usable", f"No row of {upload.file_name} can be read.", "Nothing was changed.")
    uploads.tell_rows(upload, datetime.now(UTC), rows=rows)

    def tell(done: int) -> None:
        uploads.tell_rows(upload, datetime.now(UTC), done=done)

    return _import(upload, opened.rows, opened.mapping, _by(upload), at, progress=tell)


def _by(upload: Upload) -> Actor:
    return actor(upload.by) if upload.by else INTAKE


def _import(
    upload: Upload,
    rows: Iterable[LeadRow | SignalRow | CostRow | Refusal],
    mapping: Mapping[str, str],
    by: Actor,
    at: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Import:
    name = upload.file_name
    if upload.kind == ImportKind.SIGNALS:
        signals = cast("Iterable[SignalRow | Refusal]", rows)
        return import_signals(signals, name, mapping, by, at, dry_run=dry_run, progress=progress)
    if upload.kind == ImportKind.COSTS:
        costs = cast("Iterable[CostRow | Refusal]", rows)
        return import_costs(costs, name, mapping, by, at, dry_run=dry_run, progress=progress)
    leads = cast("Iterable[LeadRow | Refusal]", rows)
    return import_leads(leads, name, mapping, by, at, dry_run=dry_run, progress=progress)
