"""What happened with a lead, newest first: signals, touches, corrected data and decisions in one line of time."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from django.db.models import Q, QuerySet

from assay.records.models import Decision, Edit, Lead, Signal, Touch


class Kind(StrEnum):
    SIGNAL = "signal"
    TOUCH = "touch"
    EDIT = "edit"
    DECISION = "decision"


ORDER = list(Kind)
"""At the same moment, what stands later here follows from what stands before it: a decision from its signal."""


class Place(NamedTuple):
    """Where in the line of time something stands."""

    at: datetime
    order: int
    pk: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place an address names; None where it names none."""
        at, _, rest = text.partition("~")
        order, _, pk = rest.partition("~")
        try:
            place = cls(datetime.fromisoformat(at), int(order), int(pk))
        except ValueError:
            return None
        return place if place.at.tzinfo and abs(place.pk) < 2**63 else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.order}~{self.pk}"


class Entry(NamedTuple):
    """One thing that happened."""

    kind: Kind
    place: Place
    row: Signal | Touch | Edit | Decision


def timeline(
    lead: Lead, size: int, kinds: Collection[Kind] = ORDER, before: Place | None = None
) -> tuple[list[Entry], Place | None]:
    """The newest ``size`` entries of these kinds before a place, and the place before which there are older ones."""
    found = [
        Entry(kind, Place(row.at, order, row.pk), row)
        for order, kind in enumerate(ORDER)
        if kind in kinds
        for row in _older(_rows(lead, kind), order, before).order_by("-at", "-pk")[: size + 1]
    ]
    found.sort(key=lambda entry: entry.place, reverse=True)
    return found[:size], found[size - 1].place if len(found) > size else None


def _rows(lead: Lead, kind: Kind) -> QuerySet[Any]:
    match kind:
        case Kind.SIGNAL:
            return Signal.objects.filter(identity__person=lead.person_id)
        case Kind.TOUCH:
            return Touch.objects.filter(lead=lead)
        case Kind.EDIT:
            return Edit.objects.filter(lead=lead)
    return Decision.objects.filter(lead=lead).select_related("answer", "answer__by")


def _older(rows: QuerySet[Any], order: int, before: Place | None) -> QuerySet[Any]:
    if before is None:
        return rows
    if order == before.order:
        return rows.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    return rows.filter(at__lte=before.at) if order < before.order else rows.filter(at__lt=before.at)
