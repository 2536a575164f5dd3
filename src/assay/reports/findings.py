"""The audit's part of a report: a section for each of the four mistakes."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assay.domain.audit import NEVER_REJECTED, NEXT_STEPS, NOTHING, OF, SAID, TITLES, Audit, Finding
from assay.domain.audit_cost import Cost
from assay.reports.links import Links
from assay.reports.report import Section
from assay.reports.saying import money, number, percent, ranged, time, told


def sections(audit: Audit, links: Links) -> list[Section]:
    """The four findings in the order to fix them."""
    return [_section(place, finding, links) for place, finding in enumerate(audit.findings, 1)]


def _section(place: int, finding: Finding, links: Links) -> Section:
    title = f"{place}. {told(TITLES[finding.mistake])}"
    if not finding.found:
        return Section(title, told(NOTHING[finding.mistake]))
    return Section(
        title,
        _found(finding),
        [f"{number(count)} {told(SAID[problem])}" for problem, count in finding.problems.items() if count],
        [*_times(finding), *_cost(finding.cost)],
        told(NEXT_STEPS[finding.mistake]),
        link=links.to("audit-leads", finding.mistake),
    )


def _found(finding: Finding) -> str:
    if not finding.count or finding.share is None:
        return told(NEVER_REJECTED)
    said = ngettext(
        "%(count)s lead: %(share)s %(of)s (%(all)s).", "%(count)s leads: %(share)s %(of)s (%(all)s).", finding.count
    ) % {
        "count": number(finding.count),
        "share": percent(finding.share),
        "of": told(OF[finding.mistake]),
        "all": number(finding.of),
    }
    return f"{said} {told(NEVER_REJECTED)}" if finding.never_rejected else said


def _times(finding: Finding) -> list[str]:
    if finding.times is None or finding.times.median is None:
        return []
    half = _("Half of the hot leads are answered within %(time)s of working time.") % {
        "time": time(finding.times.median)
    }
    return [half]


def _cost(cost: Cost | None) -> Sequence[str]:
    if cost is None:
        return ()
    figures = [ranged(cost.hours, _("h of sales' time"))] if cost.hours else []
    figures += [ranged(cost.deals, _("deals"))] if cost.deals else []
    figures += [money(cost.revenue, cost.currency)] if cost.revenue else []
    return (_("Probably cost: %(figures)s.") % {"figures": ", ".join(figures)}, told(cost.how))
