"""What each source brought, down to its return; and whom won deals are owed to, by five models side by side."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from assay.actions.policies import rule
from assay.desk.access import Right, needs, rights_of
from assay.desk.pictures.kinds import Sources
from assay.desk.pictures.showing import shown
from assay.desk.sources.filters import SourceFilters, captured
from assay.domain.attribution import MODELS, Credit, Journey
from assay.domain.source_tables import credited, side_by_side
from assay.domain.sources import quality, total
from assay.pictures.sources import of_quality
from assay.records.journeys import journeys
from assay.records.quality import tallies

MODEL_NAMES: dict[str, str | Promise] = {
    "first": _("First touch"),
    "last": _("Last touch"),
    "even": _("Even"),
    "position": _("By position"),
    "markov": _("Markov"),
}


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class Owed(NamedTuple):
    """A source, and what each model owes to it."""

    source: str
    credits: Sequence[Credit | None]


@needs(Right.SEE)
def sources(request: Request) -> HttpResponse:
    """Each source's quality. htmx asks for the results alone."""
    now = timezone.now()
    policy, filters = rule(now).policy, SourceFilters(request.GET)
    period = filters.period(now, policy)
    found = tallies(period, filters.line_of, filters.among)
    rows, whole = quality(found, policy.currency), total(found)
    drawn = of_quality(rows)
    known = filters.among.visits() is not None
    context: dict[str, object] = {
        "rows": rows,
        "whole": whole,
        "known": known,
        "captured": captured(period, filters.among) if known else None,
        "picture": shown(request, Sources(drawn)) if drawn else None,
        "left_out": sum(row.tally.leads > 0 for row in rows) - len(drawn),
        "currency": policy.currency,
        "others": sorted({*whole.revenue, *whole.cost} - {policy.currency}),
    }
    return _page(request, filters, "sources", context)


@needs(Right.SEE)
def attribution(request: Request) -> HttpResponse:
    """What each model owes to each source. htmx asks for the results alone."""
    now = timezone.now()
    policy, filters = rule(now).policy, SourceFilters(request.GET)
    ended = journeys(filters.period(now, policy), filters.line_of, filters.among)
    owed = side_by_side(ended)
    context = {
        "models": [MODEL_NAMES[model] for model in MODELS],
        "rows": [
            Owed(source, [owed[model].get(source) for model in MODELS]) for source in credited(owed, policy.currency)
        ],
        "won": sum(journey.won for journey in ended),
        "revenue": _revenue(ended, policy.currency),
        "currency": policy.currency,
        "others": sorted({journey.currency for journey in ended if journey.won} - {policy.currency}),
    }
    return _page(request, filters, "sources-attribution", context)


def _revenue(ended: Sequence[Journey], currency: str) -> object:
    return sum(journey.revenue for journey in ended if journey.currency == currency)


def _page(request: Request, filters: SourceFilters, route: str, context: dict[str, object]) -> HttpResponse:
    part = request.htmx.target == "results" and not request.htmx.history_restore_request
    shared = {"filters": filters, "route": route, "here": reverse(route), "markets": Right.MARKET in rights_of(request)}
    response = render(request, "sources/results.html" if part else "sources/sources.html", {**context, **shared})
    response["Vary"] = "HX-Request, HX-Target"
    query = f"?{filters.query}" if filters.query else ""
    return push_url(response, reverse(route) + query) if part else response
