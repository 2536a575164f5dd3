"""What sales returned and why, and marketing's answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from assay.actions import answers
from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.notices import refused
from assay.desk.paging import Page, page
from assay.desk.returned.filters import ReturnedFilters
from assay.domain.errors import AssayError
from assay.domain.policy import Policy
from assay.records import returned as records
from assay.records.models import Answer, Decision
from assay.records.returned import Citation, Tally

LOADED = ("lead__person", "lead__company", "lead__source", "answer__by")
OLDEST_FIRST, NEWEST_FIRST = ("at", "pk"), ("-at", "-pk")
SIZE = 20


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class Line(NamedTuple):
    """A rejection of the list: its reason in words, the score that had sent it to the gate, and its answer if any."""

    decision: Decision
    why: str
    then: dict[str, float] | None
    answer: Answer | None
    cited: Citation | None
    key: str = ""

    @property
    def is_open(self) -> bool:
        """Whether marketing owes an answer."""
        return self.answer is None and self.cited is None


class Counted(NamedTuple):
    """A tally with the address query of the rejections it counts."""

    tally: Tally
    query: str


@needs(Right.SEE)
def returned(request: Request) -> HttpResponse:
    """Rejections of a period, counted four ways, and one by one with their answers. htmx asks for the results alone."""
    now = timezone.now()
    policy = rule(now).policy
    filters = ReturnedFilters(request.GET, policy)
    wanted = filters.wanted(now)
    cited = records.citations(wanted.since)
    found, all_of_them = records.rejections(wanted, cited), records.rejections(wanted._replace(answer=""), cited)
    shown = _page(request, found, filters)
    counted = records.cells(all_of_them)
    figures = records.answers(counted, all_of_them)
    had, kinds = records.by_part(found)
    reasons = records.by_reason(counted, wanted.answer)
    cursor = {name: request.GET[name] for name in ("before", "after") if name in request.GET}
    context = {
        "filters": filters,
        "page": shown,
        "lines": _lines(shown.rows, cited, policy),
        "figures": figures,
        "now": now,
        "median_ago": now - figures.median if figures.median is not None else None,
        "reasons": [_reason(tally, filters, policy) for tally in reasons],
        "sources": [
            Counted(tally, filters.query_with(source=tally.key)) for tally in records.by_source(counted, wanted.answer)
        ],
        "had": had,
        "newest": records.NEWEST if sum(tally.leads for tally in reasons) > records.NEWEST else None,
        "kinds": [Counted(tally._replace(name=words.signal(policy, tally.name)), "") for tally in kinds],
        "all_query": filters.query_with(answer=""),
        "open_query": filters.query_with(answer=records.OPEN),
        "state": filters.query_with(**cursor),
        "later": bool(cursor),
        "markets": Right.MARKET in rights_of(request),
    }
    part = request.htmx.target == "returned" and not request.htmx.history_restore_request
    response = render(request, "returned/results.html" if part else "returned/returned.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return push_url(response, _address(filters.query)) if part else response


@needs(Right.MARKET)
@require_POST
def answer(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Answer one rejection, and go on where the reader was."""
    text = request.POST.get("text", "")
    try:
        answers.answer(decision_id, acting(request), timezone.now(), text)
        messages.success(request, _("Answered. Sales sees it on the lead's page."))
    except AssayError as error:
        refused(request, error)
        if text.strip():
            messages.info(request, _("You wrote: %(text)s") % {"text": text})
    return redirect(_address(QueryDict(request.POST.get("state", "")).urlencode()))


def _address(query: str) -> str:
    return reverse("returned") + (f"?{query}" if query else "")


def _page(request: HttpRequest, found: QuerySet[Decision], filters: ReturnedFilters) -> Page[Decision]:
    """The page's keys from the index, then these twenty with what their lines show."""
    keys = page(request, found.only("at"), OLDEST_FIRST if filters.only_open else NEWEST_FIRST, SIZE)
    whole = Decision.objects.select_related(*LOADED).defer("score", "lead__facts").annotate(then=records.as_promoted())
    loaded = whole.in_bulk([row.pk for row in keys.rows])
    return replace(keys, rows=[loaded[row.pk] for row in keys.rows])


def _lines(rows: Sequence[Decision], cited: Sequence[Citation], policy: Policy) -> list[Line]:
    """The rejections as lines; the key that answers is that of the first open one."""
    lines, key = [], "a"
    for row in rows:
        line = Line(
            row,
            words.reason(policy, "reject", row.reason),
            getattr(row, "then", None),
            getattr(row, "answer", None),
            records.citing(row, cited),
        )
        if line.is_open:
            line, key = line._replace(key=key), ""
        lines.append(line)
    return lines


def _reason(tally: Tally, filters: ReturnedFilters, policy: Policy) -> Counted:
    code = str(tally.key)
    return Counted(tally._replace(name=words.reason(policy, "reject", code)), filters.query_with(reason=code))
