"""The stretch of time that figures are about."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` (included) to ``end`` (excluded); ``now`` is how far leads are followed. None is no limit."""

    now: datetime
    zone: ZoneInfo
    start: datetime | None = None
    end: datetime | None = None

    def holds(self, field: str) -> Q:
        """Whether a time lies in the period."""
        within = Q(**{f"{field}__lte": self.now})
        if self.start:
            within &= Q(**{f"{field}__gte": self.start})
        return within & Q(**{f"{field}__lt": self.end}) if self.end else within

    def holds_day(self, field: str) -> Q:
        """Whether a day of the policy's time zone lies in the period."""
        within = Q(**{f"{field}__lte": self.now.astimezone(self.zone).date()})
        if self.start:
            within &= Q(**{f"{field}__gte": self.start.astimezone(self.zone).date()})
        return within & Q(**{f"{field}__lt": self.end.astimezone(self.zone).date()}) if self.end else within
