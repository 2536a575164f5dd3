"""Identities that nobody had claimed are given to a person, and with them everything they did before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from assay.actions.recognise import Key, known
from assay.actions.scoring import recount
from assay.actions.writing import insert, update
from assay.domain.kinds import STATEMENTS
from assay.records.models import Identity, Lead, PendingSignal, Signal


def claim(person_id: int, keys: Sequence[Key], at: datetime) -> list[int]:
    """Give unclaimed identities to a person; one that is somebody else's stays theirs.

    Runs within the caller's transaction. Returns the leads whose signals are now others, to be scored.
    """
    return claim_all({person_id: keys}, at)


def claim_all(keys_by_person: Mapping[int, Collection[Key]], at: datetime) -> list[int]:
    """The same for several people at once; of two who claim one identity the first in order gets it."""
    owner: dict[Key, int] = {}
    for person_id, keys in keys_by_person.items():
        for key in keys:
            owner.setdefault(key, person_id)
    on_record = known(owner)
    fresh = [
        Identity(kind=kind, value=value, person_id=person_id, created_at=at)
        for (kind, value), person_id in sorted(owner.items())
        if (kind, value) not in on_record
    ]
    waiting = [
        Identity(pk=on_record[key].identity_id, kind=key[0], value=key[1], person_id=person_id, created_at=at)
        for key, person_id in owner.items()
        if key in on_record and on_record[key].person_id is None
    ]
    insert(Identity, fresh)
    update(Identity, waiting, ["person"])
    _say_again([identity.pk for identity in waiting])
    gained = {identity.person_id for identity in waiting}
    lead_ids = sorted(Lead.objects.filter(person__in=gained).values_list("pk", flat=True))
    recount(lead_ids, at)
    return lead_ids


def _say_again(identity_ids: Sequence[int]) -> None:
    """Let the scorer carry out what could not be before it was known who said it; said twice it changes nothing."""
    said = Signal.objects.filter(identity__in=identity_ids, kind__in=STATEMENTS).values_list("pk", "at")
    again = [PendingSignal(signal_id=pk, at=at) for pk, at in said]
    PendingSignal.objects.bulk_create(again, ignore_conflicts=True)
