"""What came in over HTTP lately and what became of it: counts by minute, and how far the scorer is behind."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Min, Sum
from django.db.models.functions import Length

from assay.records.models import IntakeCount, Landed, PendingSignal


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class Counted(NamedTuple):
    """How many events had this outcome, and for which reason ("" where none is needed). Key 0 is none we know."""

    key: int
    outcome: str
    reason: str
    events: int


class Minute(NamedTuple):
    """How many events of one minute had this outcome."""

    minute: datetime
    outcome: str
    events: int


class Waiting(NamedTuple):
    """How many signals wait to be counted, no more than was asked for, and for how long the longest does."""

    signals: int
    lag: timedelta


LOOKED_AT = 100
"""Signals that stand first in line and are looked at for the one that waits longest."""


def outcomes(since: datetime | None = None) -> list[Counted]:
    """Events by key, outcome and reason, since a time or ever."""
    counts = IntakeCount.objects.filter(minute__gte=since) if since else IntakeCount.objects.all()
    rows = counts.order_by().values_list("write_key", "outcome", "reason").annotate(total=Sum("count"))
    return [Counted(*row) for row in rows.order_by("write_key", "outcome", "reason")]


def by_minute(since: datetime) -> list[Minute]:
    """Events by minute and outcome since a time."""
    rows = IntakeCount.objects.filter(minute__gte=since).order_by().values_list("minute", "outcome")
    return [Minute(*row) for row in rows.annotate(total=Sum("count")).order_by("minute", "outcome")]


def landed_bytes() -> int:
    """How much waits to be sorted."""
    size: int = Landed.objects.aggregate(size=Sum(Length("content"), default=0))["size"]
    return size


def waiting(now: datetime, most: int) -> Waiting:
    """The events that are stored, whose time has come, and that no scorer has counted yet."""
    due = PendingSignal.objects.filter(at__lte=now)
    first = due.order_by("pk").values_list("at", "signal__received_at")[:LOOKED_AT]
    # One that was dated in the future waits since that time, not since it came.
    since = min((max(at, received) for at, received in first), default=now)
    landed = Landed.objects.aggregate(events=Sum("events", default=0), since=Min("at", default=now))
    signals = min(most, due.values("pk")[:most].count() + landed["events"])
    return Waiting(signals, max(timedelta(), now - min(since, landed["since"])))
