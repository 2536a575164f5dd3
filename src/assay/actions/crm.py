"""What comes from a CRM and what was told to it: each page of records in one transaction with how far it was read.

Who wins where both sides know something: for contact facts whoever changed them there since they were last read, for
rung, score and decision we do, and of all else only blanks are filled in.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from assay.actions.actors import Actor
from assay.actions.capture import capture
from assay.actions.edits import correct
from assay.actions.writing import in_transaction, update, upsert
from assay.domain.errors import AssayError, Refused
from assay.domain.ladder import Desk
from assay.domain.rows import LeadRow, Refusal
from assay.records.crm import Standing, lead_of
from assay.records.models import CrmCursor, CrmRecord, Identity

BUSY = timedelta(minutes=5)
"""So long after its last sign of life nobody else reads where one did."""
OVERLAP = timedelta(minutes=5)
"""What was changed so long before a reading began is read again: a CRM finds it only after a while."""
CONTACT = ("name", "first_name", "last_name", "email", "phone", "title")
"""The facts of which the CRM is the better judge."""


@dataclass(slots=True)
class TakenIn:
    """What a page of records did."""

    new: int = 0
    known: int = 0
    corrected: int = 0
    promoted: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def __iadd__(self, other: "TakenIn") -> "TakenIn":
        self.new, self.known = self.new + other.new, self.known + other.known
        self.corrected, self.promoted = self.corrected + other.corrected, self.promoted + other.promoted
        self.refusals += other.refusals
        return self


def begin(crm: str, at: datetime) -> CrmCursor:
    """Say that we read from now on, and how far it was read. Raises Refused while somebody else does."""
    cursor, _ = CrmCursor.objects.get_or_create(crm=crm)
    free = Q(busy_until=None) | Q(busy_until__lt=at)
    if not CrmCursor.objects.filter(free, crm=crm).update(busy_until=at + BUSY):
        said = f"Another process is syncing with {crm} right now."
        raise Refused("busy", said, "It goes on by itself; look again in some minutes.")
    cursor.refresh_from_db()
    cursor.began = cursor.began or at
    return cursor


def take_in(cursor: CrmCursor, rows: Sequence[LeadRow], last: str, at: datetime, *, dry_run: bool = False) -> TakenIn:
    """Take in a page of records, of which ``last`` is the id that stands last; numbered by ``line`` from 1.

    A page that is taken in twice does nothing the second time.
    """

    def work() -> TakenIn:
        done = _take_in(cursor.crm, rows, at)
        cursor.after, cursor.busy_until = last, at + BUSY
        cursor.save(update_fields=["since", "after", "began", "busy_until"])
        transaction.set_rollback(dry_run)
        return done

    return in_transaction(work)


def finish_reading(cursor: CrmCursor, at: datetime) -> None:
    """Say that everything was read that had changed when the reading began."""
    assert cursor.began
    cursor.since, cursor.after, cursor.began = cursor.began - OVERLAP, "", None
    cursor.busy_until = at + BUSY
    cursor.save(update_fields=["since", "after", "began", "busy_until"])


def note_told(standings: Iterable[Standing], at: datetime) -> None:
    """Note what records were told."""
    records = [standing.record for standing in standings]
    for standing in standings:
        standing.record.sent, standing.record.sent_at = standing.record.sent | standing.told, at
    with transaction.atomic():
        update(CrmRecord, records, ["sent", "sent_at"])


def stay_busy(crm: str, at: datetime) -> None:
    """Go on keeping others off."""
    CrmCursor.objects.filter(crm=crm).update(busy_until=at + BUSY)


def end(crm: str, at: datetime, *, synced: bool) -> None:
    """Let others read; what was read and told stays so, however it ended."""
    CrmCursor.objects.filter(crm=crm).update(busy_until=None, **({"synced_at": at} if synced else {}))


# --- Records -------------------------------------------------------------------------------------


def _take_in(crm: str, rows: Sequence[LeadRow], at: datetime) -> TakenIn:
    by = Actor(TITLES.get(crm, crm), frozenset({Desk.INTAKE}))
    captured = capture(rows, by, at)
    refused = {refusal.line for refusal in captured.refusals}
    done = TakenIn(len(captured.created), captured.known, 0, len(captured.promoted), captured.refusals)
    records = _records(crm, [row for row in rows if row.line not in refused])
    for row, record in records:
        seen = _digests(row)
        if lead_of(record).pk not in captured.created:
            _follow(record, row, seen, by, at, done)
        record.seen = seen
    upsert(CrmRecord, [record for _, record in records], ["identity"], ["seen"])
    return done


TITLES = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
"""How a CRM is called in the ledger."""


def _records(crm: str, rows: Sequence[LeadRow]) -> list[tuple[LeadRow, CrmRecord]]:
    """Each row with its record, a new one where none is known yet; without those who are no lead any more."""
    found = Identity.objects.filter(kind="lead_id", value__in=[row.lead_id for row in rows])
    by_id = {identity.value: identity for identity in found.select_related("person__lead", "crm_record")}
    pairs = []
    for row in rows:
        identity = by_id.get(row.lead_id or "")
        if identity is not None and identity.person is not None and hasattr(identity.person, "lead"):
            pairs.append((row, getattr(identity, "crm_record", None) or CrmRecord(identity=identity, crm=crm)))
    return pairs


def _follow(record: CrmRecord, row: LeadRow, seen: dict[str, str], by: Actor, at: datetime, done: TakenIn) -> None:
    """Correct what was changed there since it was last read, and differs from what we know."""
    person = lead_of(record).person
    said = _contact(row)
    changed = {name for name, digest in seen.items() if record.seen.get(name) != digest}
    changes = {f"person.{name}": said[name] for name in sorted(changed) if getattr(person, name) != said[name]}
    if not changes:
        return
    try:
        done.corrected += bool(correct(lead_of(record).pk, by, at, changes))
    except AssayError as error:  # such as an address that is somebody else's
        done.refusals.append(Refusal(row.line, error.code, str(error.sentence), {}))


def _contact(row: LeadRow) -> dict[str, str]:
    """The contact facts that a row tells."""
    said = {name: getattr(row, name) for name in CONTACT} | {"name": row.full_name or None}
    return {name: value for name, value in said.items() if value}


def _digests(row: LeadRow) -> dict[str, str]:
    """What to know them by again, without keeping them a second time."""
    return {name: hashlib.blake2b(value.encode(), digest_size=6).hexdigest() for name, value in _contact(row).items()}
