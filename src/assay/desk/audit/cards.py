"""What a finding's card says: each figure with the address of the leads behind it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assay.desk.telling import told
from assay.desk.templatetags.desk import money, points
from assay.domain.audit import NEXT_STEPS, NOTHING, OF, SAID, TITLES, Finding, Mistake
from assay.domain.audit_cost import Cost, about
from assay.domain.clock import amount
from assay.domain.what_if import Estimate


class Line(NamedTuple):
    """One problem: how many leads, what they have in common, and where they are listed."""

    leads: int
    text: str
    href: str


class Act(NamedTuple):
    """Where the next step is done."""

    text: str | Promise
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
    act: Act | None


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
        _act(mistake),
    )


def _act(mistake: Mistake) -> Act | None:
    match mistake:
        case Mistake.SLOW_RESPONSE:
            return Act(_("Open the inbox"), reverse("inbox"))
        case Mistake.ONE_WAY_HANDOFF:
            return Act(_("Answer what was returned"), reverse("returned") + "?answer=open")
        case _:
            return None


def address(finding: Finding, query: str, problem: str = "") -> str:
    """Where the leads behind a finding, or behind one problem of it, are listed."""
    asked = "&".join(part for part in (query, f"problem={problem}" if problem else "") if part)
    return reverse("audit-leads", args=[finding.mistake]) + (f"?{asked}" if asked else "")


def _times(finding: Finding) -> str:
    if finding.times is None or not finding.of:
        return ""
    median, p90 = finding.times.median, finding.times.p90
    if median is None:
        return _("Less than half of them have been answered so far.")
    half = _("Half of them are answered within %(time)s of working time,") % {"time": told(amount(median))}
    if p90 is None:
        return f"{half} {_('and more than one in ten still wait.')}"
    return f"{half} {_('nine in ten within %(time)s.') % {'time': told(amount(p90))}}"


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
        value, low, high = (money(Decimal(about(number)), cost.currency) for number in numbers)
        said.append(_("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high})
    return said


def _ranged(estimate: Estimate) -> dict[str, str]:
    numbers = {"value": estimate.value or 0, "low": estimate.low, "high": estimate.high}
    return {name: points(number) for name, number in numbers.items()}
