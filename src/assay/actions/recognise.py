"""Who a row is about: the person to whom each identity it names already leads."""

from collections.abc import Collection
from typing import NamedTuple

from assay.domain.identity import Key, identities_of
from assay.records.models import Identity

__all__ = ["Key", "Known", "identities_of", "known"]


class Known(NamedTuple):
    """An identity on record; ``person_id`` is None while nobody knows who it is."""

    identity_id: int
    person_id: int | None


def known(keys: Collection[Key]) -> dict[Key, Known]:
    """Those of the keys that are on record, within the caller's transaction.

    What nobody has claimed yet is held until that ends: of two writers who claim it, or of whom one claims it and
    one stores a signal for it, the second waits and then finds what the first has done.
    """
    found = _read(keys)
    unclaimed = {key: entry for key, entry in found.items() if entry.person_id is None}
    if not unclaimed:
        return found
    hold([entry.identity_id for entry in unclaimed.values()])
    claimed = {key: entry for key, entry in found.items() if key not in unclaimed}
    return claimed | _read(unclaimed)


def ids_of(keys: Collection[Key]) -> set[int]:
    """The ids of those identities that are on record; nothing is held."""
    return {entry.identity_id for entry in _read(keys).values()}


def hold(identity_ids: Collection[int]) -> None:
    """Lock identities until the transaction ends, always in the same order so that two writers cannot cross."""
    held = Identity.objects.select_for_update(no_key=True).filter(pk__in=identity_ids)
    list(held.order_by("pk").values_list("pk"))


def _read(keys: Collection[Key]) -> dict[Key, Known]:
    by_kind: dict[str, list[str]] = {}
    for kind, value in keys:
        by_kind.setdefault(kind, []).append(value)
    found: dict[Key, Known] = {}
    for kind, values in by_kind.items():
        rows = Identity.objects.filter(kind=kind, value__in=values).values_list("value", "pk", "person")
        found |= {(kind, value): Known(pk, person_id) for value, pk, person_id in rows}
    return found
