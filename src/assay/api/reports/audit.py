"""The audit: four mistakes between marketing and sales, in the order to fix them."""

from datetime import datetime

from ninja import Query

from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.reports.periods import Days, period
from assay.api.room import Room
from assay.api.shapes import Shape
from assay.domain import audit as said
from assay.domain.audit import Mistake, Problem
from assay.domain.audit_cost import Cost
from assay.domain.tokens import Scope
from assay.records.audit import Ids, every
from assay.records.findings import among, audit, problems

room = Room("Figures")

MOST = 100
HOUR = 3_600


class Shown(Shape):
    """A problem by which leads show the mistake, and how many of them."""

    problem: Problem
    sentence: str
    count: int


class Range(Shape):
    """A figure with the range in which it lies with 80 % probability."""

    value: float | None
    low: float
    high: float


class Costs(Shape):
    """What a mistake probably cost, in hours or in deals and what those are worth; ``how`` says how it was reckoned."""

    how: str
    hours: Range | None
    deals: Range | None
    revenue: Range | None
    currency: str | None


class Finding(Shape):
    """One mistake. ``leads`` are the newest hundred of those that show it; ``of`` is how many could have."""

    mistake: Mistake
    title: str
    count: int
    of: int
    share: float | None
    few: bool
    problems: list[Shown]
    leads: list[int]
    median_hours: float | None
    p90_hours: float | None
    never_rejected: bool
    cost: Costs | None
    next_step: str


class Audit(Shape):
    """The four findings in the order to fix them, and the one to begin with."""

    as_of: datetime
    fix_first: Mistake | None
    findings: list[Finding]


@room.get("/audit", Scope.REPORTS_READ, Audit)
def get_audit(request: Asking, asked: Query[Days]) -> Audit:
    """Read the audit.

    What was done counts where it was done in the period; what still stands counts in any case.
    """
    at = request.auth.at
    policy, wanted = rule(at).policy, period(asked, at)
    found = audit(wanted, policy)
    told = [_told(one, list(problems(one.mistake, wanted, policy).values())) for one in found.findings]
    return Audit(as_of=at, fix_first=found.first.mistake if found.first else None, findings=told)


def _told(one: said.Finding, behind: list[Ids]) -> Finding:
    leads = among(every(*behind)).order_by("-captured_at", "-pk").values_list("pk", flat=True)[:MOST]
    times = one.times
    return Finding(
        mistake=one.mistake,
        title=said.TITLES[one.mistake],
        count=one.count,
        of=one.of,
        share=one.share,
        few=one.few,
        problems=[
            Shown(problem=problem, sentence=said.SAID[problem], count=count) for problem, count in one.problems.items()
        ],
        leads=list(leads),
        median_hours=times.median.total_seconds() / HOUR if times and times.median is not None else None,
        p90_hours=times.p90.total_seconds() / HOUR if times and times.p90 is not None else None,
        never_rejected=one.never_rejected,
        cost=_cost(one.cost) if one.cost else None,
        next_step=said.NEXT_STEPS[one.mistake],
    )


def _cost(cost: Cost) -> Costs:
    ranges = {
        name: Range(value=found.value, low=found.low, high=found.high) if found else None
        for name, found in (("hours", cost.hours), ("deals", cost.deals), ("revenue", cost.revenue))
    }
    return Costs(how=cost.how, currency=cost.currency or None, **ranges)
