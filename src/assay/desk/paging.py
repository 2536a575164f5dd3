"""Keyset pages: the next rows after the last one seen, whatever the size of the table and without counting it."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from assay.records.keyset import beyond, value_of

Row = TypeVar("Row", bound=Model)

SIZE = 30
"""Rows of a page: about what two screens show, and what is made in the time that a reader does not notice."""

BENT = (ValueError, TypeError, OverflowError, ValidationError, DataError)
"""Raised for a cursor whose values are not those of the fields: somebody has bent the address."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, and the addresses before and after it ("" where there is nothing)."""

    rows: list[Row]
    before: str
    after: str


def page(request: HttpRequest, rows: QuerySet[Row], order: Sequence[str], size: int = SIZE) -> Page[Row]:
    """The page that ``?after=`` or ``?before=`` asks for.

    ``order`` names fields, "-" for descending; the last one is unique.
    """
    back = "before" in request.GET
    cursor = _read(request.GET.get("before") or request.GET.get("after") or "", len(order))
    turned = [_turn(name) for name in order] if back else list(order)
    found = rows.order_by(*turned)
    try:
        some = list((found if cursor is None else found.filter(beyond(turned, cursor)))[: size + 1])
    except BENT:
        cursor, back = None, False
        some = list(rows.order_by(*order)[: size + 1])
    more, some = len(some) > size, some[:size]
    if back:
        some.reverse()
    before = some and (more if back else cursor is not None)
    after = some and (more or back)
    return Page(
        some,
        _address(request, "before", some[0], order) if before else "",
        _address(request, "after", some[-1], order) if after else "",
    )


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _read(text: str, length: int) -> list[Any] | None:
    """The cursor in an address; an address somebody has bent starts over."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode()))
    except ValueError:
        return None
    return values if isinstance(values, list) and len(values) == length else None


def _address(request: HttpRequest, way: str, row: Model, order: Sequence[str]) -> str:
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    values = [value_of(row, name) for name in order]
    query[way] = base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode()
    return f"{request.path}?{query.urlencode()}"
