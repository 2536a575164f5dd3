"""The funnel: where leads are lost, what to mend first, and what would come of it."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from assay.actions.policies import rule
from assay.desk.access import Right, needs, rights_of
from assay.desk.funnel import figures, parts, scenarios
from assay.desk.funnel.filters import FunnelFilters
from assay.desk.kept import recall
from assay.desk.pictures.showing import Shown, shown
from assay.domain.funnel import TAIL
from assay.domain.funnel_words import SHORT
from assay.records.worth import worth

WHOLE, WHAT_IF = "funnel", "what-if"
TEMPLATES = {"": "funnel/funnel.html", WHOLE: "funnel/results.html", WHAT_IF: "funnel/what_if.html"}
"""The page, and the parts of it that htmx asks for by the id of what they replace."""


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


@needs(Right.SEE)
def funnel(request: Request) -> HttpResponse:
    """The page, or the one part that htmx asks for."""
    now = timezone.now()
    version, policy = (current := rule(now)).version, current.policy
    filters = FunnelFilters(request.GET, policy, now)
    asked_for = ("funnel", version, request.GET.urlencode())
    target = "" if request.htmx.history_restore_request else request.htmx.target or ""
    context: dict[str, object] = {
        "filters": filters,
        "query": filters.query,
        "parts": parts.PARTS,
        "heads": SHORT.values(),
    }
    context |= {"sure": 1 - 2 * TAIL, "markets": Right.MARKET in rights_of(request)}
    pictures: dict[str, Shown] = {}
    if target not in parts.PARTS:
        one, other = recall((*asked_for, "figures"), lambda: figures.read(filters, policy))
        worthy = recall((*asked_for, "worth"), lambda: worth(policy, filters.among))
        asked = recall((*asked_for, "what if"), lambda: scenarios.ask(one, request.GET, worthy))
        context |= {"one": one, "other": other, "lines": figures.lines(one, other), "what_if": asked}
        pictures |= {"funnel": shown(request, one.picture)}
        pictures |= {"what_if": shown(request, asked.picture)} if asked.picture else {}
    names = [target] if target in parts.PARTS else parts.wanted(request.GET)
    read = {
        name: recall((*asked_for, name), partial(parts.PARTS[name].read, filters, policy, request.GET))
        for name in names
    }
    for name, found in read.items():
        if said := getattr(found, "picture", None):
            pictures[name] = shown(request, said)
    context |= {"read": read, "pictures": pictures, "part": target}
    known = {**TEMPLATES, **dict.fromkeys(parts.PARTS, "funnel/part.html")}
    response = render(request, known.get(target, TEMPLATES[""]), context)
    response["Vary"] = "HX-Request, HX-Target"
    return push_url(response, _address(filters.query)) if target == WHOLE else response


def _address(query: str) -> str:
    return reverse("funnel") + (f"?{query}" if query else "")
