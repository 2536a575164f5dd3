"""Who a row is about: the person to whom each identity it names already leads."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeVar

from assay.domain.identity import Key, identities_of
from assay.domain.phrase import Phrase
from assay.domain.rows import LeadRow, Refusal, SignalRow
from assay.records.models import Identity
from assay.records.privacy import erased

__all__ = ["Key", "Known", "erased_hint", "identities_of", "known", "without_erased"]

Row = TypeVar("Row", LeadRow, SignalRow)


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


def without_erased(keyed: Sequence[tuple[Row, Sequence[Key]]]) -> tuple[list[tuple[Row, Sequence[Key]]], list[Refusal]]:
    """Rows with the identities they name, but for those that name somebody who was erased; of these no word is kept."""
    gone = erased(key for _, keys in keyed for key in keys)
    kept = [(row, keys) for row, keys in keyed if gone.isdisjoint(keys)]
    said = f"This names somebody who was erased. {erased_hint()}"
    return kept, [Refusal(row.line, "erased", said, {}) for row, keys in keyed if not gone.isdisjoint(keys)]


def erased_hint() -> Phrase:
    """What to do about somebody who was erased."""
    return Phrase("If they agreed anew, let them in again with: assay person admit EMAIL")


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
