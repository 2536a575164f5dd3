"""What is told of a deal."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from assay.api.shapes import Shape


class Bant(Shape):
    """The notes that confirm budget, authority, need and timeline; null is not confirmed."""

    budget: str | None
    authority: str | None
    need: str | None
    timeline: str | None


class Deal(Shape):
    """What was confirmed on one pass of a lead and, once opened, its deal. ``currency`` is that of both values."""

    id: int
    lead: int
    pass_no: int
    bant: Bant
    opened_at: datetime | None
    value: Decimal | None
    currency: str | None
    close_date: date | None
    outcome: Literal["won", "lost"] | None
    closed_on: date | None
    actual_value: Decimal | None
    reason: str | None

    @property
    def about(self) -> int | None:
        """Its lead."""
        return self.lead


class DealPage(Shape):
    """A page of deals; ``next`` is where the next one is."""

    items: list[Deal]
    next: str | None
