"""The audit as files for a spreadsheet: the findings, and the leads behind one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from assay.actions.policies import rule
from assay.desk.access import Right, needs
from assay.desk.audit.filters import LeadsForm, PeriodForm
from assay.desk.audit.views import asked_for, narrowed
from assay.desk.leads.export import BYTE_ORDER_MARK, CHUNK
from assay.desk.telling import told
from assay.domain.audit import PROBLEMS, SAID, TITLES, Finding
from assay.domain.what_if import Estimate
from assay.intake.exports import Row, csv_lines
from assay.records import findings as records
from assay.records.models import Lead

COLUMNS = ("mistake", "title", "problem", "sentence", "leads", "of", "share")
COSTS = ("hours", "deals", "revenue")
LEADS = ("lead", "lead_id", "name", "email", "company", "source", "owner", "rung", "temperature", "fit", "intent")


@needs(Right.SEE)
def findings(request: HttpRequest) -> HttpResponseBase:
    """A row for each finding, and one for each of its problems below it."""
    now = timezone.now()
    policy, form = rule(now).policy, PeriodForm(request.GET)
    found = records.audit(form.period(now, policy.zone), policy)
    costs = [f"{name}{end}" for name in COSTS for end in ("", "_low", "_high")]
    rows = (row for finding in found.findings for row in _rows(finding))
    return _file("audit", [*COLUMNS, *costs, "currency"], rows)


@needs(Right.WORK)
def leads(request: HttpRequest, name: str) -> HttpResponseBase:
    """The leads behind a finding that pass the filters, with a column for each problem."""
    mistake, now = asked_for(name), timezone.now()
    policy, form = rule(now).policy, LeadsForm(request.GET, mistake)
    behind = records.problems(mistake, form.period(now, policy.zone), policy)
    found = (
        narrowed(behind, form).select_related("person", "company", "source", "owner").order_by("-captured_at", "-pk")
    )

    def rows() -> Iterator[Row]:
        each = found.iterator(CHUNK)
        while some := list(islice(each, CHUNK)):
            shown = records.shown_by(behind, [lead.pk for lead in some])
            yield from ([*_lead(lead), *(problem in shown[lead.pk] for problem in PROBLEMS[mistake])] for lead in some)

    return _file(str(mistake), [*LEADS, *map(str, PROBLEMS[mistake])], rows())


def _rows(finding: Finding) -> Iterator[Row]:
    cost = finding.cost
    spread = [_ends(getattr(cost, name) if cost else None) for name in COSTS]
    title = told(TITLES[finding.mistake])
    yield [
        str(finding.mistake), title, None, None, finding.count, finding.of, finding.share,
        *(end for ends in spread for end in ends), cost.currency if cost else None,
    ]  # fmt: skip
    blank = [None] * (3 * len(COSTS) + 1)
    for problem, number in finding.problems.items():
        yield [str(finding.mistake), title, str(problem), told(SAID[problem]), number, finding.of, None, *blank]


def _ends(estimate: Estimate | None) -> tuple[float | None, ...]:
    numbers = (estimate.value, estimate.low, estimate.high) if estimate else (None,) * 3
    return tuple(None if number is None else round(number, 2) for number in numbers)


def _lead(lead: Lead) -> Sequence[str | int | float | None]:
    return (
        lead.pk, lead.external_id, str(lead.person), lead.person.email, str(lead.company or ""), str(lead.source),
        lead.owner.email if lead.owner else None, lead.rung, lead.temperature, lead.fit, lead.intent,
    )  # fmt: skip


def _file(name: str, columns: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    def text() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from csv_lines(columns, rows)

    response = StreamingHttpResponse(text(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return response
