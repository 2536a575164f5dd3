"""Sources: what each brought, down to revenue, cost and return."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from ninja import Query

from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.reports.periods import Days, period
from assay.api.room import Room
from assay.api.shapes import Shape
from assay.domain.source_tables import QUALITY, quality_rows
from assay.domain.sources import quality
from assay.domain.tokens import Scope
from assay.records.quality import tallies

room = Room("Figures")


class Source(Shape):
    """What a source or campaign brought. Shares of few leads are expected nearer the mean of all."""

    source: str
    campaign: str | None
    visitors: int | None
    leads: int
    mql: int
    accepted: int
    opportunities: int
    won: int
    mql_rate: float | None
    mql_rate_expected: float
    mql_rate_low: float | None
    mql_rate_high: float | None
    acceptance_rate: float | None
    acceptance_rate_expected: float
    acceptance_rate_low: float | None
    acceptance_rate_high: float | None
    win_rate: float | None
    win_rate_expected: float
    win_rate_low: float | None
    win_rate_high: float | None
    revenue: Decimal | None
    cost: Decimal | None
    cost_per_deal: Decimal | None
    currency: str
    returned: float | None
    returned_low: float | None
    returned_high: float | None


class Sources(Shape):
    """Every source or campaign; amounts are of the policy's currency."""

    as_of: datetime
    items: list[Source]


class SourceQuery(Days):
    """Leads captured in the period are followed to today."""

    by: Literal["source", "campaign"] = "source"


@room.get("/sources", Scope.REPORTS_READ, Sources)
def get_sources(request: Asking, asked: Query[SourceQuery]) -> Sources:
    """Read what sources are worth.

    Down to revenue, cost and how many times its cost each returned.
    """
    at = request.auth.at
    currency = rule(at).policy.currency
    names = [name.replace("return", "returned", 1) if name.startswith("return") else name for name in QUALITY]
    rows = quality_rows(quality(tallies(period(asked, at), asked.by), currency), currency)
    return Sources(as_of=at, items=[Source.model_validate(dict(zip(names, row, strict=True))) for row in rows])
