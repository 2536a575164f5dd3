"""The tables of the page as files for a spreadsheet: the same figures, named as the command line names them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from assay.actions.policies import rule
from assay.desk.access import Right, needs
from assay.desk.funnel import achieved, cohorts, durations, figures, outlook, scenarios, segmented
from assay.desk.funnel.figures import Counted
from assay.desk.funnel.filters import FunnelFilters
from assay.desk.leads.export import BYTE_ORDER_MARK
from assay.domain.funnel import STEPS
from assay.domain.policy import Policy
from assay.intake.exports import Row, csv_lines
from assay.records.worth import worth

Table = tuple[Sequence[str], Sequence[Row]]


@needs(Right.SEE)
def export(request: HttpRequest, table: str) -> HttpResponse:
    """One table of what the address asks for."""
    if table not in TABLES:
        raise Http404
    now = timezone.now()
    policy = rule(now).policy
    columns, rows = TABLES[table](FunnelFilters(request.GET, policy, now), policy, request.GET)
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response.writelines(csv_lines(columns, rows))
    response["Content-Disposition"] = f'attachment; filename="funnel-{table}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _steps(filters: FunnelFilters, policy: Policy, _query: QueryDict) -> Table:
    one, other = figures.read(filters, policy)
    columns = ["of", "step", "count", "conversion", "low", "high", "few", "leaks_most"]
    return columns, [row for counted in (one, other) if counted for row in _of(counted)]


def _of(counted: Counted) -> list[Row]:
    rows: list[Row] = []
    for line in figures.lines(counted, None):
        into = line.into
        share = (into.rate, into.low, into.high, into.few) if into else (None, None, None, None)
        rows.append((counted.name or None, line.step, line.number, *share, line.leaks))
    return rows


def _what_if(filters: FunnelFilters, policy: Policy, query: QueryDict) -> Table:
    asked = scenarios.ask(figures.read(filters, policy)[0], query, worth(policy, filters.among))
    rows: list[Row] = []
    for found in asked.scenarios:
        today, then = found.outcome.today, found.outcome.then
        times = found.outcome.times_today
        rows.append((found.name, "deals", today.value, then.value, then.low, then.high, times))
        before, after = found.outcome.revenue_today, found.outcome.revenue_then
        if before and after:
            unit = found.outcome.currency
            rows.append((found.name, unit, before.value, after.value, after.low, after.high, times))
    return ["change", "unit", "today", "then", "low", "high", "times_today"], rows


def _times(filters: FunnelFilters, policy: Policy, _query: QueryDict) -> Table:
    columns = ["rung", "median", "low", "high", "p90", "went_on", "left", "waiting", "few"]
    rungs = [time for _, time in durations.read(filters, policy).rungs]
    return columns, [
        (one.step, one.median, one.low, one.high, one.p90, one.went_on, one.left, one.waiting, one.few) for one in rungs
    ]


def _forecast(filters: FunnelFilters, policy: Policy, _query: QueryDict) -> Table:
    """A row a rung, then the sum of them, and their revenue by currency."""
    found = outlook.read(filters, policy)
    rows: list[Row] = [
        (rung.step, rung.open, *astuple(rung.chance), "deals", *astuple(rung.deals), rung.few)
        for _, rung in found.rungs
    ]
    sums = [("deals", found.deals), *found.revenue]
    rows += [(None, None, None, None, None, unit, *astuple(estimate), None) for unit, estimate in sums]
    return ["rung", "open", "chance", "chance_low", "chance_high", "unit", "value", "low", "high", "few"], rows


def _results(filters: FunnelFilters, policy: Policy, _query: QueryDict) -> Table:
    found = [line.result for line in achieved.read(filters, policy).lines]
    rows: list[Row] = [(one.name, one.unit, one.now, one.before, one.p, one.chance) for one in found]
    return ["result", "unit", "now", "before", "p", "could_be_chance"], rows


def _months(filters: FunnelFilters, policy: Policy, _query: QueryDict) -> Table:
    found = cohorts.read(filters, policy)
    return _many("month", found.months, found.cohorts)


def _by(filters: FunnelFilters, policy: Policy, query: QueryDict) -> Table:
    found = segmented.read(filters, policy, query)
    counted = [row.counted for row in found.rows]
    return _many(found.by, [one.name for one in counted], counted)


def _many(what: str, names: Sequence[str], counted: Sequence[Counted]) -> Table:
    """A row a funnel: its counts, and the conversions between them."""
    conversions = [found.step for found in counted[0].funnel.conversions] if counted else []
    rows: list[Row] = []
    for name, one in zip(names, counted, strict=True):
        shares = [one.into(step.partition("_to_")[2]) for step in conversions]
        rows.append((name, *(one.counts[step] for step in STEPS), *(share.rate if share else None for share in shares)))
    return [what, *STEPS, *conversions], rows


TABLES: Mapping[str, Callable[[FunnelFilters, Policy, QueryDict], Table]] = {
    "steps": _steps,
    "what-if": _what_if,
    "times": _times,
    "forecast": _forecast,
    "results": _results,
    "months": _months,
    "by": _by,
}
