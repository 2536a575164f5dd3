"""Pages of a list: the next rows after the last one seen, so that rows which come meanwhile move nothing."""

import base64
import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from pydantic import BaseModel, Field

from assay.domain.errors import BadInput
from assay.records.keyset import beyond, value_of

Row = TypeVar("Row", bound=Model)

BENT = (ValueError, TypeError, OverflowError, ValidationError, DataError)
"""Raised for a cursor whose values are not those of the fields."""


class PageQuery(BaseModel):
    """Which page, and how long."""

    cursor: Annotated[str, Field(max_length=2_000, description="From the link to the next page.")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 30


def page(
    request: HttpRequest, rows: QuerySet[Row], order: Sequence[str], asked: PageQuery
) -> tuple[list[Row], str | None]:
    """The rows after the cursor, and the address of the next page. ``order`` ends with a unique field.

    Raises BadInput for a cursor of another list or order.
    """
    found = rows.order_by(*order)
    some = _after(found, order, asked) if asked.cursor else list(found[: asked.limit + 1])
    if len(some) <= asked.limit:
        return some, None
    last = some[asked.limit - 1]
    return some[: asked.limit], next_page(request, [*order], [value_of(last, name) for name in order])


def _after(found: QuerySet[Row], order: Sequence[str], asked: PageQuery) -> list[Row]:
    values = read_cursor(asked.cursor, order)
    try:
        with transaction.atomic():  # PostgreSQL takes nothing more in a transaction that met a wrong value
            return list(found.filter(beyond(order, values))[: asked.limit + 1])
    except BENT:
        raise bad_cursor() from None


def next_page(request: HttpRequest, order: Sequence[str], values: Sequence[object]) -> str:
    """The address of the page after a row with these values."""
    query = request.GET.copy()
    query["cursor"] = base64.urlsafe_b64encode(json.dumps([order, values], default=str).encode()).decode()
    return f"{request.path}?{query.urlencode()}"


def read_cursor(text: str, order: Sequence[str]) -> list[Any]:
    """The values of a cursor."""
    try:
        [of, values] = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, TypeError, RecursionError):
        raise bad_cursor() from None
    if of != list(order) or not isinstance(values, list) or len(values) != len(order):
        raise bad_cursor()
    return values


def bad_cursor() -> BadInput:
    return BadInput("bad_cursor", "This cursor is of no page here.", "Begin without one.")
