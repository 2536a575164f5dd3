"""One round with a CRM: what changed there comes in, then its records are told how their leads stand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assay.actions.crm import TakenIn, begin, end, finish_reading, note_told, stay_busy, take_in
from assay.domain.errors import BadInput
from assay.domain.rows import LeadRow, Refusal
from assay.intake.crm.crm import Crm, Record, Write, named
from assay.intake.leads import read_values
from assay.intake.refusals import Unusable
from assay.records.crm import Standing, identity_of, standings
from assay.records.models import CrmCursor

AT_ONCE = 1_000
"""Records that are looked at together for what they were not told yet."""

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Synced:
    """What a round did: what came in, how many records were told, and why some refused to be, by id."""

    taken_in: TakenIn = field(default_factory=TakenIn)
    told: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def sync(
    crm: Crm, clock: Clock, *, dry_run: bool = False, advance: Callable[[int], None] = lambda more: None
) -> Synced:
    """Do one round; ``advance`` is told of records as they are read and told. A dry run changes nothing anywhere.

    Cut off anywhere, the next round goes on from there. Raises Refused while another process is at it, BadInput where
    fields are lacking there, and `Unreachable`.
    """
    if lacking := crm.lacking():
        said = f"{crm.source} lacks the fields {', '.join(lacking)}."
        raise BadInput("crm_fields", said, "Create them there as docs/connectors.md says, or name others.")
    cursor, done = begin(crm.name, clock()), Synced()
    synced = False
    try:
        for taken_in in _read(crm, cursor, clock, dry_run, advance):
            done.taken_in += taken_in
        for standing in _tell(crm, clock, dry_run, done.refused):
            advance(len(standing))
            done.told += len(standing)
        synced = not dry_run
    finally:
        end(crm.name, clock(), synced=synced)
    return done


# --- In ------------------------------------------------------------------------------------------


def _read(
    crm: Crm, cursor: CrmCursor, clock: Clock, dry_run: bool, advance: Callable[[int], None]
) -> Iterator[TakenIn]:
    """Take in page after page; each is kept with how far it was read."""
    while records := crm.changed(cursor.since, cursor.after):
        rows, unusable = _rows(crm, records)
        done = take_in(cursor, rows, records[-1].id, clock(), dry_run=dry_run)
        done.refusals += unusable
        advance(len(records))
        yield done
    if not dry_run:
        finish_reading(cursor, clock())


def _rows(crm: Crm, records: Sequence[Record]) -> tuple[list[LeadRow], list[Refusal]]:
    """Records as rows of leads, read exactly as those of a file are; and those that cannot be any."""
    rows, refusals = [], []
    for line, record in enumerate(records, 1):
        values = {**record.values, "lead_id": identity_of(crm.name, record.id)}
        values.setdefault("source", crm.source)
        try:
            rows.append(replace(read_values(values, {name: name for name in values}, UTC), line=line))
        except Unusable as error:
            said = f"Record {record.id} of {crm.source}: {error.sentence}"
            refusals.append(Refusal(line, str(error.reason), said, {}))
    return rows, refusals


# --- Back ----------------------------------------------------------------------------------------


def _tell(crm: Crm, clock: Clock, dry_run: bool, refused: dict[str, str]) -> Iterator[list[Standing]]:
    """Tell records what they were not told yet, as many at once as the CRM takes. Yields those that were told."""
    after = 0
    while some := standings(crm.name, after, AT_ONCE):
        after = some[-1].record.pk
        news = [standing for standing in some if named(crm.fields, standing.changed)]
        for first in range(0, len(news), crm.most):
            yield _write(crm, news[first : first + crm.most], clock, dry_run, refused)


def _write(crm: Crm, some: list[Standing], clock: Clock, dry_run: bool, refused: dict[str, str]) -> list[Standing]:
    if dry_run:
        return some
    why = crm.write([Write(row.record.external_id, named(crm.fields, row.changed)) for row in some])
    refused.update(why)
    told = [row for row in some if row.record.external_id not in why]
    note_told(told, clock())
    stay_busy(crm.name, clock())
    return told
