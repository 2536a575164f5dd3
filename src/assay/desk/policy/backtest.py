"""A version held against history: what came of it, how far it is, and the request to do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import backtests
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.leads.export import BYTE_ORDER_MARK
from assay.desk.notices import refused
from assay.desk.pictures.kinds import Shares, Weeks
from assay.desk.pictures.showing import shown
from assay.desk.telling import told
from assay.domain.backtest import Backtest
from assay.domain.backtest_words import Row, notes, rows, verdict
from assay.domain.errors import AssayError
from assay.domain.moved import Crossing, Moved
from assay.domain.moved import told as moved_words
from assay.intake.exports import csv_lines
from assay.records.backtests import BacktestState
from assay.records.models import Backtest as Kept
from assay.records.models import Lead, PolicyVersion

BUSY = (BacktestState.WAITING, BacktestState.RUNNING)


class Named(NamedTuple):
    """A lead that crosses the threshold."""

    lead: Lead
    crossing: Crossing


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a backtest, read back from what is kept, and its sentences."""

    found: Backtest
    moved: Moved

    @property
    def verdict(self) -> str:
        return verdict(self.found)

    @property
    def rows(self) -> Sequence[Row]:
        return rows(self.found)

    @property
    def notes(self) -> Sequence[str]:
        return tuple(notes(self.found))

    @property
    def moved_words(self) -> str:
        return moved_words(self.moved)

    @property
    def is_empty(self) -> bool:
        """Whether nobody came, and nobody would have."""
        return not any(week.real or week.draft for week in self.found.weeks)

    def named(self) -> Sequence[Named]:
        """The leads that cross and are still there. One query."""
        known = Lead.objects.select_related("person", "company").in_bulk([one.lead for one in self.moved.leads])
        return [Named(known[one.lead], one) for one in self.moved.leads if one.lead in known]


def kept(number: int) -> Kept | None:
    """What is kept of a version's backtest. One query."""
    return Kept.objects.filter(policy=number).select_related("by").first()


def result_of(row: Kept | None) -> Result | None:
    """What came of it, where it was done once; one that another version of the program kept is done anew."""
    if row is None or row.result is None:
        return None
    try:
        return Result(msgspec.convert(row.result, Backtest), msgspec.convert(row.result.get("moved"), Moved))
    except msgspec.ValidationError:
        return None


@needs(Right.SEE)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """The backtest of a version; while it is under way htmx asks for how far it is."""
    version = get_object_or_404(PolicyVersion, pk=number)
    row = kept(number)
    busy = row is not None and row.state in BUSY
    part = request.headers.get("HX-Target") == "backtest-state"
    if part and not busy:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context: dict[str, object] = {"number": number, "version": version, "row": row, "busy": busy}
    context["works"] = Right.WORK in rights_of(request)
    if not part and (result := result_of(row)):
        context |= _shown(request, result)
    return render(request, "policy/backtest_state.html" if part else "policy/backtest.html", context)


def _shown(request: HttpRequest, result: Result) -> Mapping[str, object]:
    shares = Shares([(told(name), said) for name, said in result.rows if said.all])
    pictures = {"weeks": shown(request, Weeks(result.found.weeks))} if not result.is_empty else {}
    pictures |= {"shares": shown(request, shares)} if shares.shares else {}
    return {"result": result, "pictures": pictures, "named": result.named()}


@needs(Right.WORK)
@require_POST
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for it, or ask anew."""
    try:
        backtests.ask(number, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
        return redirect("policy")
    messages.success(request, _("The draft is being held against history."))
    return redirect("policy-backtest", number)


@needs(Right.SEE)
def export(request: HttpRequest, number: int) -> HttpResponse:
    """The weeks as a file for a spreadsheet."""
    result = result_of(kept(number))
    if result is None:
        raise Http404
    columns = ["week_from", "days", "came", "by_the_draft"]
    lines = ((f"{week.first}", week.days, week.real, week.draft) for week in result.found.weeks)
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response.writelines(csv_lines(columns, lines))
    response["Content-Disposition"] = f'attachment; filename="backtest-{number}.csv"'
    return response
