"""How signals enter: stored once, kept with whoever they name, folded and scored in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assay.actions.recognise import Key, known, without_erased
from assay.actions.scanning import mark_scanned
from assay.actions.scoring import fold_signals, lock, recount, score_leads
from assay.actions.writing import insert
from assay.domain.ip import cut, cut_query
from assay.domain.rows import Refusal, SignalRow
from assay.domain.scanners import MAIL_KINDS
from assay.records.models import Identity, Import, Lead, Signal
from assay.records.people import IdentityKind


@dataclass(slots=True)
class Recorded:
    """What a batch of signals did. ``waiting`` are stored for somebody who is no lead yet, ``erased`` not stored."""

    stored: int = 0
    repeated: int = 0
    waiting: int = 0
    promoted: list[int] = field(default_factory=list)
    erased: list[Refusal] = field(default_factory=list)


def record_signals(rows: Sequence[SignalRow], at: datetime, imported_by: Import | None = None) -> Recorded:
    """Store signals, fold them into their leads, score those and promote what crosses.

    Runs within the caller's transaction; a message id that is on record already is a repeat and does nothing.
    """
    wanted, refusals = without_erased([(row, [_key(row)]) for row in rows])
    by_id = {row.message_id: row for row, _ in reversed(wanted)}
    on_record = set(Signal.objects.filter(message_id__in=list(by_id)).values_list("message_id", flat=True))
    fresh = [row for message_id, row in by_id.items() if message_id not in on_record]
    identities = _identities(fresh, at)
    signals = insert(Signal, [_signal(row, identities[_key(row)][0], at, imported_by) for row in fresh])
    owned = [(signal, identities[_key(row)][1]) for signal, row in zip(signals, fresh, strict=True)]
    lock(sorted({lead_id for _, lead_id in owned if lead_id}))
    caught = mark_scanned({signal.identity_id for signal in signals if signal.kind in MAIL_KINDS})
    for signal in signals:
        signal.bot = signal.bot or signal.pk in caught.marked
    changed = fold_signals(owned, at)
    recount(caught.leads, at)
    return Recorded(
        stored=len(fresh),
        repeated=len(wanted) - len(fresh),
        waiting=sum(lead_id is None for _, lead_id in owned),
        promoted=score_leads(sorted({*changed, *caught.leads}), at),
        erased=refusals,
    )


def _key(row: SignalRow) -> Key:
    """The identity a signal names: your id first, then the address, then the browser."""
    if row.lead_id:
        return IdentityKind.LEAD_ID, row.lead_id
    if row.email_key:
        return IdentityKind.EMAIL, row.email_key
    return IdentityKind.VISITOR, row.visitor_id or ""


def _identities(rows: Sequence[SignalRow], at: datetime) -> dict[Key, tuple[int, int | None]]:
    """Identity and lead of every signal's key; an identity nobody has claimed is made and waits."""
    keys = {_key(row) for row in rows}
    on_record = known(keys)
    people = {entry.person_id for entry in on_record.values()} - {None}
    leads = dict(Lead.objects.filter(person__in=people).values_list("person", "pk"))
    found = {key: (entry.identity_id, leads.get(entry.person_id or 0)) for key, entry in on_record.items()}
    missing = [Identity(kind=kind, value=value, created_at=at) for kind, value in sorted(keys - found.keys())]
    return found | {(identity.kind, identity.value): (identity.pk, None) for identity in insert(Identity, missing)}


def _signal(row: SignalRow, identity_id: int, at: datetime, imported_by: Import | None) -> Signal:
    return Signal(
        message_id=row.message_id,
        identity_id=identity_id,
        kind=row.kind,
        at=row.at,
        received_at=at,
        url=cut_query(row.url or ""),
        bot=row.bot,
        properties=cut(dict(row.properties)),
        imported_by=imported_by,
    )
