"""What a finding's card says: each figure with the address of the leads behind it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from assay.desk.telling import told
from assay.desk.templatetags.desk import money, points
from assay.domain.audit import NEXT_STEPS, NOTHING, OF, SAID, TITLES, Finding
from assay.domain.audit_cost import Cost
from assay.domain.clock import amount
from assay.domain.what_if import Estimate


class Line(NamedTuple):
    """One problem: how many leads, what they have in common, and where they are listed."""

    leads: int
    text: str
    href: str


class Card(NamedTuple):
    """One finding in the reader's language. ``cost`` are figures with their ranges, ``how`` how they were reckoned."""

    place: int
    finding: Finding
    title: str
    of: str
    nothing: str
    lines: Sequence[Line]
    times: str
    cost: Sequence[str]
    how: str
    next_step: str
    href: str


def card(place: int, finding: Finding, query: str) -> Card:
    """The card of one finding; ``query`` is the period's address query."""
    mistake = finding.mistake
    lines = [
        Line(number, told(SAID[problem]), address(finding, query, problem))
        for problem, number in finding.problems.items()
        if number
    ]
    return Card(
        place,
        finding,
        told(TITLES[mistake]),
        told(OF[mistake]),
        told(NOTHING[mistake]),
        lines,
        _times(finding),
        costs(finding.cost),
        told(finding.cost.how) if finding.cost else "",
        told(NEXT_STEPS[mistake]),
        address(finding, query),
    )


def address(finding: Finding, query: str, problem: str = "") -> str:
    """Where the leads behind a finding, or behind one problem of it, are listed."""
    asked = "&".join(part for part in (query, f"problem={problem}" if problem else "") if part)
    return reverse("audit-leads", args=[finding.mistake]) + (f"?{asked}" if asked else "")


def _times(finding: Finding) -> str:
    if finding.times is None or not finding.of:
        return ""
    longest = _("longer than anybody has waited so far")
    median, p90 = (
        longest if time is None else told(amount(time)) for time in (finding.times.median, finding.times.p90)
    )
    return _("Half of them are answered within %(median)s of working time, nine in ten within %(p90)s.") % {
        "median": median,
        "p90": p90,
    }


def costs(cost: Cost | None) -> list[str]:
    """The figures of a cost, each with its range."""
    if cost is None:
        return []
    said = []
    if cost.hours:
        said.append(_("%(value)s h of sales' time (%(low)s to %(high)s)") % _ranged(cost.hours))
    if cost.deals:
        said.append(_("%(value)s deals (%(low)s to %(high)s)") % _ranged(cost.deals))
    if cost.revenue:
        numbers = (cost.revenue.value or 0, cost.revenue.low, cost.revenue.high)
        value, low, high = (money(Decimal(round(number)), cost.currency) for number in numbers)
        said.append(_("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high})
    return said


def _ranged(estimate: Estimate) -> dict[str, str]:
    numbers = {"value": estimate.value or 0, "low": estimate.low, "high": estimate.high}
    return {name: points(number) for name, number in numbers.items()}
