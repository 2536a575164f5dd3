"""What a report says of a period, in the language that is active."""

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assay.domain.policy import Policy
from assay.records.findings import audit
from assay.records.funnel import Period
from assay.reports import findings, funnel
from assay.reports.links import Links
from assay.reports.report import Report
from assay.reports.saying import day

DAY = timedelta(days=1)


def report(period: Period, policy: Policy, address: str = "", foot: str = "") -> Report:
    """The audit and the funnel of a period; ``address`` is where people open the pages, "" where nobody knows."""
    first, last = _days(period)
    query = "&".join(f"{name}={at}" for name, at in (("since", first), ("until", last)) if at)
    sections = [
        *findings.sections(audit(period, policy), Links(address, query or "days=all")),
        funnel.section(period, policy),
    ]
    return Report(_("Audit and funnel"), _spoken(first, last), get_language() or "en", sections, foot)


def _days(period: Period) -> tuple[date | None, date | None]:
    """The first and the last day of a period where people are at home."""
    first = period.start.astimezone(period.zone).date() if period.start else None
    return first, period.end.astimezone(period.zone).date() - DAY if period.end else None


def _spoken(first: date | None, last: date | None) -> str:
    if first and last:
        return _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}
    if first:
        return _("Since %(day)s") % {"day": day(first)}
    return _("Until %(day)s") % {"day": day(last)} if last else _("Everything so far")
