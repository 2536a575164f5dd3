"""The leads that pass the filters as a file for a spreadsheet, sent while it is read."""

from collections.abc import Iterator
from itertools import islice

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from assay.desk.access import Right, needs
from assay.desk.leads.filters import LeadFilters
from assay.domain.facts import COLUMNS, Value
from assay.intake.exports import Row, csv_lines
from assay.records.facts import facts_of
from assay.records.models import Lead

LABELS = ("rung", "temperature", "grid", "fit", "coverage", "insufficient_data", "intent", "total", "owner")
CHUNK = 1_000
BYTE_ORDER_MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""


@needs(Right.WORK)
def export(request: HttpRequest) -> HttpResponseBase:
    """Every lead that passes the filters, in the list's order; the canonical columns can be imported again."""
    filters = LeadFilters(request.GET)
    found = filters.leads().select_related("person", "company", "source", "campaign", "owner")
    rows = map(_row, found.order_by(*filters.order).iterator(CHUNK))
    response = StreamingHttpResponse(
        _file([*(column.name for column in COLUMNS), *LABELS], rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="leads-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _file(columns: list[str], rows: Iterator[Row]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    lines = csv_lines(columns, rows)
    while some := "".join(islice(lines, CHUNK)):
        yield some


def _row(lead: Lead) -> Row:
    facts = {
        **facts_of(lead),
        "lead.source": lead.source.name,
        "lead.campaign": lead.campaign.name if lead.campaign else None,
    }
    said: dict[str, Value] = {"lead_id": lead.external_id, "captured_at": lead.captured_at.isoformat()}
    canonical = [facts.get(column.key) if column.key else said[column.name] for column in COLUMNS]
    return [*canonical, *(getattr(lead, name) for name in LABELS[:-1]), lead.owner.email if lead.owner else None]
