"""The lead list: search, filters, order and columns, all in the address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from assay.desk.access import Right, acting, needs, rights_of, signed_in
from assay.desk.leads.columns import COLUMNS, Column, loaded, rows
from assay.desk.leads.filters import LeadFilters
from assay.desk.paging import Page, page
from assay.records.models import Lead, SavedView


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class Heading(NamedTuple):
    """The heading of a column: the address query its link leads to, and the present order as ARIA says it."""

    column: Column
    query: str
    order: str


@needs(Right.SEE)
def leads(request: Request) -> HttpResponse:
    """One page of the leads that pass the filters. htmx asks for the rows alone."""
    filters = LeadFilters(request.GET)
    by, rights = acting(request), rights_of(request)
    columns = [column for column in COLUMNS if column.key in filters.shown]
    shown = _page(request, filters, columns)
    context = {
        "filters": filters,
        "page": shown,
        "headings": [_heading(column, filters) for column in columns],
        "rows": rows(shown.rows, columns, ticks=Right.MARKET in rights or by.manages),
        "views": list(SavedView.objects.filter(user=signed_in(request)).order_by("name")),
        "markets": Right.MARKET in rights,
        "manages": by.manages,
        "exports": Right.WORK in rights,
        "later": "after" in request.GET or "before" in request.GET,
    }
    part = request.htmx.target == "results" and not request.htmx.history_restore_request
    response = render(request, "leads/results.html" if part else "leads/leads.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return push_url(response, address(filters.query)) if part else response


def address(query: str) -> str:
    """The list with these filters."""
    return reverse("leads") + (f"?{query}" if query else "")


def _page(request: HttpRequest, filters: LeadFilters, columns: Sequence[Column]) -> Page[Lead]:
    """The page's keys from an index alone, then these leads with what their rows show."""
    order = filters.order
    keys = page(request, filters.leads().only(order[0].removeprefix("-")), order)
    found = loaded([lead.pk for lead in keys.rows], columns)
    return replace(keys, rows=[found[lead.pk] for lead in keys.rows if lead.pk in found])


def _heading(column: Column, filters: LeadFilters) -> Heading:
    if not column.sort:
        return Heading(column, "", "")
    orders = {column.sort: "descending", f"-{column.sort}": "ascending"}
    return Heading(column, filters.sorted_by(column.sort), orders.get(filters.ordered, ""))
