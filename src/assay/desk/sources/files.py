"""The tables of the page as files for a spreadsheet: every figure with its range."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assay.actions.policies import rule
from assay.desk.access import Right, needs
from assay.desk.sources.filters import SourceFilters
from assay.domain import source_tables as tables
from assay.domain.sources import quality
from assay.intake.exports import Row, csv_lines
from assay.records.journeys import journeys
from assay.records.quality import tallies

BYTE_ORDER_MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""


@needs(Right.SEE)
def quality_file(request: HttpRequest) -> HttpResponse:
    """What each source brought."""
    now = timezone.now()
    policy, filters = rule(now).policy, SourceFilters(request.GET)
    found = quality(tallies(filters.period(now, policy), filters.line_of, filters.among), policy.currency)
    return _file("sources", tables.QUALITY, tables.quality_rows(found, policy.currency))


@needs(Right.SEE)
def attribution_file(request: HttpRequest) -> HttpResponse:
    """What each model owes to each source."""
    now = timezone.now()
    policy, filters = rule(now).policy, SourceFilters(request.GET)
    owed = tables.side_by_side(journeys(filters.period(now, policy), filters.line_of, filters.among))
    return _file("attribution", tables.ATTRIBUTION, tables.attribution_rows(owed, policy.currency))


def _file(name: str, columns: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    response = HttpResponse(BYTE_ORDER_MARK + "".join(csv_lines(columns, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response
