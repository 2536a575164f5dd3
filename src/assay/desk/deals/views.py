"""Deals as a board or a table, and one deal by itself."""

from collections.abc import Mapping

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, acting, needs, signed_in
from assay.desk.deals.board import board, card
from assay.desk.deals.page import deal_page, load
from assay.desk.deals.table import Asked, orders, states
from assay.desk.paging import page
from assay.desk.sellers import sellers


@needs(Right.SEE)
def deals(request: HttpRequest) -> HttpResponse:
    """The board, or the table where the address asks for it."""
    now, by = timezone.now(), acting(request)
    policy = rule(now).policy
    team = sellers(request.GET, signed_in(request), default=None)
    reader = None if by.manages else by.user_id
    state = request.GET.copy()
    state.pop("view", None)
    context: dict[str, object] = {
        "team": team,
        "state": request.GET.urlencode(),
        "others": state.urlencode(),
        "bant": words.BANT,
    }
    if request.GET.get("view") == "table":
        asked = Asked.of(request.GET)
        shown = page(request, asked.deals(team.owner), asked.fields)
        context |= {
            "page": shown,
            "asked": asked,
            "orders": orders(request.GET, asked),
            "states": states(request.GET, asked),
        }
        context["cards"] = [card(deal.lead, deal, reader) for deal in shown.rows]
        return render(request, "deals/table.html", context)
    context["board"] = board(team.owner, reader, policy, now)
    part = request.headers.get("HX-Target") == "board" and "HX-History-Restore-Request" not in request.headers
    response = render(request, "deals/lanes.html" if part else "deals/board.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return response


@needs(Right.SEE)
def deal(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One deal, or a prospect that may become one."""
    return show(request, lead_id, {})


def show(request: HttpRequest, lead_id: int, tried: Mapping[str, forms.Form]) -> HttpResponse:
    """The page of a deal, with the form that could not be taken if there was one."""
    now = timezone.now()
    policy = rule(now).policy
    lead, found = load(lead_id)
    context = {"page": deal_page(lead, found, acting(request), policy, now, tried), "bant": words.BANT}
    return render(request, "deals/deal.html", context, status=422 if tried else 200)
