"""The facts a fit criterion may ask about: canonical columns, dotted keys, and how both are spelled."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

Value = str | int | float | bool | None
"""One fact. ``None`` and blank text mean *unknown*, never "no"."""

Facts = Mapping[str, Value]
"""Facts of one lead by dotted key: ``{"company.employees": 120, "person.title": "CFO", "lead.product": "B"}``."""

Kind = Literal["text", "number", "country", "email", "phone", "domain", "time"]


class Column(NamedTuple):
    """A canonical column of a lead file, and the fact it becomes (``None``: no criterion can ask for it)."""

    name: str
    key: str | None
    kind: Kind


COLUMNS = (
    Column("lead_id", None, "text"),
    Column("email", "person.email", "email"),
    Column("name", "person.name", "text"),
    Column("first_name", "person.first_name", "text"),
    Column("last_name", "person.last_name", "text"),
    Column("title", "person.title", "text"),
    Column("phone", "person.phone", "phone"),
    Column("company", "company.name", "text"),
    Column("domain", "company.domain", "domain"),
    Column("employees", "company.employees", "number"),
    Column("industry", "company.industry", "text"),
    Column("country", "company.country", "country"),
    Column("revenue", "company.revenue", "number"),
    Column("budget", "company.budget", "number"),
    Column("source", "lead.source", "text"),
    Column("campaign", "lead.campaign", "text"),
    Column("captured_at", None, "time"),
)

EMAIL_KIND = "person.email_kind"
"""Derived from the address: ``work``, ``free`` or ``disposable``; absent without an address."""

KNOWN_KEYS = frozenset(column.key for column in COLUMNS if column.key) | {EMAIL_KIND}

_NOT_WORD = re.compile(r"[^\w]+")


def field_key(field: str) -> str:
    """The one spelling of a field, for policies and files alike.

    ``lead.<column>`` accepts the column as written in the file: ``lead.Lead Origin`` and
    ``lead.lead_origin`` are the same fact.
    """
    root, dot, column = field.strip().lower().partition(".")
    return f"{root}{dot}{_NOT_WORD.sub('_', column.strip()).strip('_')}"


def attribute_key(column: str) -> str:
    """The fact key of a file's further column, such as ``Lead Origin``."""
    return field_key(f"lead.{column}")


def is_known(value: Value) -> bool:
    """Whether a fact says anything: not missing, not blank, not NaN."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value == value  # NaN is the one value that differs from itself
