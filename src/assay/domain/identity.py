"""Who a row is about: the identities it names, and rows of the same person put together."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from assay.domain.rows import LeadRow, SignalRow


class IdentityKind(StrEnum):
    EMAIL = "email"
    LEAD_ID = "lead_id"
    USER = "user"
    VISITOR = "visitor"
    PHONE = "phone"
    ROW = "row"


Key = tuple[str, str]
"""Kind and value of an identity."""


def identities_of(row: LeadRow) -> list[Key]:
    """The identities a lead row names.

    A phone is shared by a whole office, so it recognises somebody only where there is nothing better; a row that
    has neither is recognised by its own content.
    """
    keys: list[Key] = []
    if row.lead_id:
        keys.append((IdentityKind.LEAD_ID, row.lead_id))
    if row.user_id:
        keys.append((IdentityKind.USER, row.user_id))
    if row.email_key:
        keys.append((IdentityKind.EMAIL, row.email_key))
    if not keys and row.phone:
        keys.append((IdentityKind.PHONE, row.phone))
    if not keys:
        content = repr(sorted((key, value) for key, value in row.facts().items() if value is not None))
        keys.append((IdentityKind.ROW, hashlib.blake2b(content.encode(), digest_size=16).hexdigest()))
    return keys


def names_of(row: SignalRow) -> Iterable[Key]:
    """The identities a signal row names, the surest first: your id, then the address, then the browser."""
    if row.lead_id:
        yield IdentityKind.LEAD_ID, row.lead_id
    if row.email_key:
        yield IdentityKind.EMAIL, row.email_key
    if row.visitor_id:
        yield IdentityKind.VISITOR, row.visitor_id


def filled(row: LeadRow, later: LeadRow) -> LeadRow:
    """The first row of somebody with its blanks filled from a later one."""
    names = [name for name in LeadRow.__dataclass_fields__ if name not in ("attributes", "line")]
    blanks = {name: getattr(later, name) for name in names if getattr(row, name) is None}
    return replace(row, **blanks, attributes={**later.attributes, **row.attributes})
