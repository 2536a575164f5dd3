"""What sales returned and why, and marketing's answers."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import answers
from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.notices import refused
from assay.desk.paging import page
from assay.domain.errors import AssayError
from assay.domain.policy import Policy
from assay.records.models import Decision
from assay.records.returned import Tally, by_field, by_part, rejections

PERIODS = (30, 90, 365)
USUAL = 90
LOADED = ("lead__person", "lead__company", "lead__source", "answer__by")
SIZE = 30


class Line(NamedTuple):
    """A rejection of the list, with its reason in words."""

    decision: Decision
    why: str


@needs(Right.SEE)
def returned(request: HttpRequest) -> HttpResponse:
    """Rejections of a period, counted four ways, and one by one with their answers."""
    now = timezone.now()
    policy, days = rule(now).policy, _days(request)
    since = now - timedelta(days=days)
    some = rejections(since).select_related(*LOADED)
    only_open = "open" in request.GET
    if only_open:
        some = some.filter(answer=None)
    shown = page(request, some, ("-at", "-pk"), SIZE)
    had, kinds = by_part(since)
    context = {
        "page": shown,
        "lines": [Line(decision, words.reason(policy, "reject", decision.reason)) for decision in shown.rows],
        "reasons": _named(since, policy),
        "sources": by_field(since, "lead__source__name"),
        "had": had,
        "kinds": [tally._replace(name=words.signal(policy, tally.name)) for tally in kinds],
        "days": days,
        "periods": PERIODS,
        "only_open": only_open,
        "answers": Right.MARKET in rights_of(request),
    }
    return render(request, "returned/returned.html", context)


@needs(Right.MARKET)
@require_POST
def answer(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Answer one rejection."""
    try:
        answers.answer(decision_id, acting(request), timezone.now(), request.POST.get("text", ""))
        messages.success(request, _("Answered. Sales sees it on the lead's page."))
    except AssayError as error:
        refused(request, error)
    return redirect(f"{request.path.split(str(decision_id))[0]}?{request.POST.get('state', '')}")


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else USUAL


def _named(since: datetime, policy: Policy) -> list[Tally]:
    return [tally._replace(name=words.reason(policy, "reject", tally.name)) for tally in by_field(since, "reason")]
