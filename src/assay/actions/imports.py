"""Bringing a file in, batch by batch, and undoing all that an import did."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from django.db import transaction

from assay.actions.actors import INTAKE, Actor
from assay.actions.capture import capture
from assay.actions.signals import record_signals
from assay.actions.spend import record_costs
from assay.actions.writing import in_transaction, insert
from assay.domain.ip import cut_everywhere
from assay.domain.ladder import Desk
from assay.domain.rows import CostRow, LeadRow, Refusal, SignalRow
from assay.records.imports import ImportKind
from assay.records.models import Import, Quarantine

BATCH = 2_000
"""Rows a transaction: larger ones make the desk wait on SQLite."""

TOLD = 20
"""Refused rows that a dry run remembers."""

Row = TypeVar("Row", LeadRow, SignalRow, CostRow)
Progress = Callable[[int], object]
Written = tuple[Counter[str], list[Refusal]]
"""What a batch did, by count, and the rows that were refused while writing."""
Write = Callable[[list[Row], Import], Written]


class DryRun(Exception):
    """Takes back everything a dry run did."""


def import_leads(
    rows: Iterable[LeadRow | Refusal],
    file_name: str,
    mapping: Mapping[str, str],
    by: Actor,
    at: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Import:
    """Bring in leads. Returns the import with its ``counts``; after a dry run it stands nowhere, and
    its ``told`` are the first rows that were refused.

    ``mapping`` says which column of the file each field came from. ``progress`` is told the rows of each batch.
    """
    source = Import(kind=ImportKind.LEADS, file_name=file_name, mapping=dict(mapping), started_at=at)
    return _bring_in(source, _leads, rows, by, dry_run, progress)


def import_signals(
    rows: Iterable[SignalRow | Refusal],
    file_name: str,
    mapping: Mapping[str, str],
    by: Actor,
    at: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Import:
    """Bring in signals. Returns as :func:`import_leads` does."""
    source = Import(kind=ImportKind.SIGNALS, file_name=file_name, mapping=dict(mapping), started_at=at)
    return _bring_in(source, _signals, rows, by, dry_run, progress)


def import_costs(
    rows: Iterable[CostRow | Refusal],
    file_name: str,
    mapping: Mapping[str, str],
    by: Actor,
    at: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Import:
    """Bring in what sources and campaigns cost. Returns as :func:`import_leads` does."""
    source = Import(kind=ImportKind.COSTS, file_name=file_name, mapping=dict(mapping), started_at=at)
    return _bring_in(source, _costs, rows, by, dry_run, progress)


def _bring_in(
    source: Import,
    write: Write[Row],
    rows: Iterable[Row | Refusal],
    by: Actor,
    dry_run: bool,
    progress: Progress,
) -> Import:
    by.needs(Desk.MARKETING, "import a file")
    source.by_id = by.user_id
    if not dry_run:
        _batch_by_batch(source, write, rows, progress)
        return source
    with suppress(DryRun), transaction.atomic():
        _batch_by_batch(source, write, rows, progress)
        source.told = tuple(Quarantine.objects.filter(imported_by=source).order_by("line", "pk")[:TOLD])
        raise DryRun
    return source


def _batch_by_batch(source: Import, write: Write[Row], rows: Iterable[Row | Refusal], progress: Progress) -> None:
    source.save()
    for batch in batches(rows):
        source.counts = in_transaction(partial(_write_batch, write, batch, source))
        progress(len(batch))
    source.finished_at = source.started_at
    source.save(update_fields=["finished_at"])


def _write_batch(write: Write[Row], batch: list[Row | Refusal], source: Import) -> dict[str, int]:
    """One batch and the counts up to it commit together, so an import cut off says truly how far it came."""
    refusals = [row for row in batch if isinstance(row, Refusal)]
    counts, refused_later = write([row for row in batch if not isinstance(row, Refusal)], source)
    refusals += refused_later
    insert(Quarantine, [_quarantined(refusal, source) for refusal in refusals])
    counts += Counter(source.counts) + Counter(rows=len(batch), quarantined=len(refusals))
    Import.objects.filter(pk=source.pk).update(counts=dict(counts))
    return dict(counts)


def _leads(rows: list[LeadRow], source: Import) -> Written:
    done = capture(rows, INTAKE, source.started_at, source)
    counts = Counter(new=len(done.created), known=done.known, filled=done.filled, promoted=len(done.promoted))
    return counts, done.refusals


def _signals(rows: list[SignalRow], source: Import) -> Written:
    done = record_signals(rows, source.started_at, source)
    counts = Counter(new=done.stored, known=done.repeated, waiting=done.waiting, promoted=len(done.promoted))
    return counts, done.erased


def _costs(rows: list[CostRow], source: Import) -> Written:
    done = record_costs(rows, source)
    return Counter(new=done.new, known=done.known, changed=done.changed), done.refusals


def _quarantined(refusal: Refusal, source: Import) -> Quarantine:
    return Quarantine(
        imported_by=source,
        line=refusal.line,
        code=refusal.code,
        sentence=refusal.sentence,
        raw=cut_everywhere(dict(refusal.raw)),
    )


def batches(rows: Iterable[Row | Refusal]) -> Iterator[list[Row | Refusal]]:
    """Rows in lists of at most BATCH, read only as they are needed."""
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch
