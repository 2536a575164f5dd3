"""An audit as it is shown: a few lines a mistake for people, and the same with every lead for programs."""

from collections.abc import Mapping
from dataclasses import asdict

from rich.text import Text

from assay.cli.output import Cell, facts, paragraph, say, show, table
from assay.cli.words import counted, labelled, who
from assay.domain.audit import NEVER_REJECTED, NEXT_STEPS, NOTHING, OF, SAID, TITLES, Audit, Finding, Mistake, Problem
from assay.domain.audit_cost import Cost, about
from assay.domain.clock import amount
from assay.domain.ladder import Rung
from assay.domain.what_if import Estimate
from assay.records.audit import Ids, every
from assay.records.findings import among, shown_by

Behind = Mapping[Problem, Ids]
HOUR = 3_600


def audit_object(audit: Audit, behind: Mapping[Mistake, Behind]) -> dict[str, object]:
    """The audit for programs, with the numbers of the leads behind each problem."""
    shown = [_object(finding, behind[finding.mistake]) for finding in audit.findings if finding.mistake in behind]
    return {"findings": shown, "fix_first": audit.first.mistake if audit.first else None}


def _object(finding: Finding, behind: Behind) -> dict[str, object]:
    leads = {problem: sorted({lead for (lead,) in ids}) for problem, ids in behind.items()}
    times = finding.times
    return {
        "mistake": finding.mistake,
        "title": TITLES[finding.mistake],
        "count": finding.count,
        "of": finding.of,
        "share": finding.share,
        "few": finding.few,
        "problems": [
            {"problem": problem, "sentence": SAID[problem], "count": number, "leads": leads[problem]}
            for problem, number in finding.problems.items()
        ],
        "leads": sorted(set().union(*leads.values())),
        "median_hours": times.median.total_seconds() / HOUR if times and times.median is not None else None,
        "p90_hours": times.p90.total_seconds() / HOUR if times and times.p90 is not None else None,
        "never_rejected": finding.never_rejected,
        "cost": asdict(finding.cost) if finding.cost else None,
        "next_step": NEXT_STEPS[finding.mistake],
    }


def show_audit(audit: Audit) -> None:
    """Every finding in order, the ones that were not found in a line."""
    for place, finding in enumerate(audit.findings, 1):
        if place > 1:
            say()
        _show(place, finding)


def _show(place: int, finding: Finding) -> None:
    show(Text(f"{place}. {TITLES[finding.mistake]}", style="bold"))
    if not finding.found:
        say(f"   {NOTHING[finding.mistake]}")
        return
    rows = [(f"   {number:,}", str(SAID[problem])) for problem, number in finding.problems.items() if number]
    facts([(f"   {finding.count:,}", share(finding)), *rows])
    if finding.never_rejected:
        say(f"   {NEVER_REJECTED}")
    facts(
        [("   Takes", taken(finding)), ("   Cost", cost(finding.cost)), ("   Next", str(NEXT_STEPS[finding.mistake]))]
    )


def share(finding: Finding) -> str:
    """How many leads of how many, in words."""
    if finding.share is None:
        return "leads"
    few = ", few to go by" if finding.few else ""
    return f"leads, {finding.share * 100:.0f} % {OF[finding.mistake]} ({finding.of:,}{few})"


def taken(finding: Finding) -> str:
    """How long first responses take, in working time; "" where that is not what a finding is about."""
    if finding.times is None:
        return ""
    times = finding.times
    if times.median is None:
        return "longer than half of them have waited so far"
    half = f"half of them {amount(times.median)} of working time"
    return (
        f"{half}, and more than one in ten still wait"
        if times.p90 is None
        else f"{half}, nine in ten {amount(times.p90)}"
    )


def cost(cost: Cost | None) -> str:
    """What it probably cost, with the range and how that was reckoned."""
    if cost is None:
        return ""
    parts = [
        _range(cost.hours, "h of sales' time"),
        _range(cost.deals, "deals"),
        _range(_about(cost.revenue), cost.currency, "{:,.0f}"),
    ]
    return f"{', '.join(part for part in parts if part)}. {cost.how}"


def _about(estimate: Estimate | None) -> Estimate | None:
    return estimate and Estimate(about(estimate.value or 0), about(estimate.low), about(estimate.high))


def _range(estimate: Estimate | None, unit: str, form: str = "{:,.1f}") -> str:
    if estimate is None:
        return ""
    low, high = form.format(estimate.low), form.format(estimate.high)
    return f"{form.format(estimate.value or 0)} {unit} ({low} to {high})"


def show_leads(mistake: Mistake, behind: Behind, limit: int) -> None:
    """The leads behind one mistake, newest first, and what each shows it by."""
    found = among(every(*behind.values())).order_by("-captured_at", "-pk")
    total = found.count()
    if not total:
        paragraph(NOTHING[mistake])
        return
    say(f"{TITLES[mistake]}: {counted(total, 'lead')}\n")
    leads = list(found.select_related("person", "company", "owner")[: limit or None])
    shown = shown_by(behind, [lead.pk for lead in leads])
    rows: list[list[Cell]] = [
        [
            lead.pk,
            who(str(lead.person), lead.person.title, str(lead.company) if lead.company else None),
            labelled(lead.temperature, Rung(lead.rung)),
            str(lead.owner or ""),
            "; ".join(SAID[problem] for problem in shown[lead.pk]),
        ]
        for lead in leads
    ]
    table([">Lead", "~Who", "Label", "Owner", "~Why"], rows)
    if total > len(leads):
        say(f"\nand {total - len(leads):,} more: assay audit {mistake} --limit 0")
