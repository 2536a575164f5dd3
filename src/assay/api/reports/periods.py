"""The stretch of days that a figure is about."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from assay.actions.policies import rule
from assay.domain.errors import BadInput
from assay.records.period import Period

Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]


class Days(BaseModel):
    """From one day to another, both included, in the policy's time zone; without either all there is."""

    first: Annotated[Day | None, Field(description="The first day.")] = None
    last: Annotated[Day | None, Field(description="The last day, included.")] = None


def period(asked: Days, at: datetime) -> Period:
    """The period as the records count it. Raises BadInput."""
    if asked.first and asked.last and asked.first > asked.last:
        raise BadInput("bad_period", f"{asked.first} is after {asked.last}.", "Give the earlier day as first.")
    zone = rule(at).policy.zone
    start = datetime.combine(asked.first, time.min, zone) if asked.first else None
    end = datetime.combine(asked.last + timedelta(days=1), time.min, zone) if asked.last else None
    return Period(at, zone, start, end)
