"""What the period brought against the one before it, and which differences could be chance."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assay.desk.funnel import periods
from assay.desk.funnel.filters import FunnelFilters
from assay.desk.telling import told
from assay.desk.templatetags.desk import points, whole_money
from assay.domain.funnel_words import percent, tidy
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.results import KINDS, Result
from assay.records.results import results

USUAL = "90"
"""The period where the chosen one has no beginning or no end, so that nothing is before it."""
SMALLEST = 0.01


class Line(NamedTuple):
    """One result as the page writes it."""

    result: Result
    title: Phrase
    now: str
    before: str
    test: Phrase
    p: str


class Achieved(NamedTuple):
    """Which days are compared with which, in words, and every result."""

    days: str
    days_before: str
    lines: Sequence[Line]


def read(filters: FunnelFilters, policy: Policy) -> Achieved:
    """The results of the chosen part, in the chosen period or the last 90 days."""
    days, before = filters.against(USUAL)
    period, previous = (periods.period(*some, policy, filters.now) for some in (days, before))
    found = results(period, previous, policy, filters.among)
    return Achieved(periods.spoken(*days), periods.spoken(*before), [_line(one) for one in found])


def _line(one: Result) -> Line:
    kind = KINDS[one.name]
    return Line(one, kind.title, _written(one.now, one.unit), _written(one.before, one.unit), kind.test, _p(one))


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return _UNITS[unit](value) if unit in _UNITS else whole_money(value, unit)


def _p(one: Result) -> str:
    """How probable so large a difference would be by chance."""
    if one.p is None or one.now is None or one.before is None:
        return ""
    return f"p < {number_format(SMALLEST, 2)}" if one.p < SMALLEST else f"p = {number_format(one.p, 2)}"


_UNITS: Mapping[str, Callable[[float], str]] = {
    "days": lambda days: told(Phrase("{days} days", days=tidy(days))),
    "share": lambda share: told(percent(share)),
    "times": lambda times: _("%(number)s times") % {"number": points(times)},
}
"""How the units are written; any other is a currency."""
