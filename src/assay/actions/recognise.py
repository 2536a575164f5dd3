"""Who a row is about: the identities it names, and the person each already leads to."""

import hashlib
from collections.abc import Collection
from typing import NamedTuple

from assay.domain.rows import LeadRow
from assay.records.models import Identity
from assay.records.people import IdentityKind

Key = tuple[str, str]
"""Kind and value of an identity."""


class Known(NamedTuple):
    """An identity on record; ``person_id`` is None while nobody knows who it is."""

    identity_id: int
    person_id: int | None


def identities_of(row: LeadRow) -> list[Key]:
    """The identities a lead row names.

    A phone is shared by a whole office, so it recognises somebody only where there is nothing better; a row that
    has neither is recognised by its own content.
    """
    keys: list[Key] = []
    if row.lead_id:
        keys.append((IdentityKind.LEAD_ID, row.lead_id))
    if row.email_key:
        keys.append((IdentityKind.EMAIL, row.email_key))
    if not keys and row.phone:
        keys.append((IdentityKind.PHONE, row.phone))
    if not keys:
        content = repr(sorted((key, value) for key, value in row.facts().items() if value is not None))
        keys.append((IdentityKind.ROW, hashlib.blake2b(content.encode(), digest_size=16).hexdigest()))
    return keys


def known(keys: Collection[Key]) -> dict[Key, Known]:
    """Those of the keys that are on record."""
    by_kind: dict[str, list[str]] = {}
    for kind, value in keys:
        by_kind.setdefault(kind, []).append(value)
    found: dict[Key, Known] = {}
    for kind, values in by_kind.items():
        rows = Identity.objects.filter(kind=kind, value__in=values).values_list("value", "pk", "person")
        found |= {(kind, value): Known(pk, person_id) for value, pk, person_id in rows}
    return found
