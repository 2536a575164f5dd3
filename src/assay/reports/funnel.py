"""The funnel's part of a report: what moved in the period and the one before it, and where the funnel leaks."""

from dataclasses import replace
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assay.domain.funnel import Funnel, funnel
from assay.domain.policy import Policy
from assay.records.funnel import Period, counts
from assay.reports.report import Section, Table
from assay.reports.saying import number, percent

NAMES: dict[str, str | Promise] = {
    "visitor": gettext_lazy("Visitors"),
    "lead": gettext_lazy("Leads"),
    "mql": "MQL",
    "sal": "SAL",
    "sql": "SQL",
    "opportunity": gettext_lazy("Opportunities"),
    "won": gettext_lazy("Won"),
}

LEAK_OVER = timedelta(days=90)
"""A week is too short to see where it leaks: leads captured in these days are followed to today."""


def section(period: Period, policy: Policy) -> Section:
    """Moves of the period beside those of the one before, where it has a beginning, and the leakiest step."""
    moved = counts(period, flow=True)[""]
    before = _before(period)
    compared = counts(before, flow=True)[""] if before else None
    cohort = counts(replace(period, start=period.now - LEAK_OVER, end=None))[""]
    known = {step: count for step, count in cohort.items() if count is not None}
    heads = ["", _("This period")] + ([_("The one before")] if compared else [])
    rows = [
        [str(name), number(moved[step] or 0)] + ([number(compared[step] or 0)] if compared else [])
        for step, name in NAMES.items()
    ]
    return Section(_("Funnel"), _leak(funnel(known, accept_is_sql=policy.gate.accept_is_sql)), table=Table(heads, rows))


def _before(period: Period) -> Period | None:
    """The period just before, as long."""
    if period.start is None:
        return None
    end = min(period.end or period.now, period.now)
    return replace(period, start=period.start - (end - period.start), end=period.start)


def _leak(found: Funnel) -> str:
    leak = next((conversion for conversion in found.conversions if conversion.step == found.leakiest), None)
    if leak is None or leak.rate is None:
        return _("There is nothing to compare yet.")
    start, _into, end = leak.step.partition("_to_")
    said = _("Over 90 days it leaks most from %(start)s to %(end)s: %(went)s of %(all)s go on (%(share)s).") % {
        "start": NAMES[start],
        "end": NAMES[end],
        "went": number(leak.successes),
        "all": number(leak.trials),
        "share": percent(leak.rate),
    }
    return f"{said} {_('That is few to go by.')}" if leak.few else said
