"""Rows after a row, in an order of fields that ends with a unique one: what pages of any list are read by."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q


def beyond(order: Sequence[str], cursor: Sequence[Any]) -> Q:
    """Rows that come after the cursor: a later first field, or the same and a later second one, and so on."""
    further, same = Q(pk__in=[]), Q()
    for name, value in zip(order, cursor, strict=True):
        field = name.removeprefix("-")
        further |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    # Says nothing new, but only a plain bound lets an index begin there instead of at the first row of all.
    first = order[0].removeprefix("-")
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": cursor[0]}) & further


def value_of(row: object, name: str) -> object:
    """What a row has in a field of the order, which may be another row's."""
    for step in name.removeprefix("-").split("__"):
        row = getattr(row, step)
    return row
