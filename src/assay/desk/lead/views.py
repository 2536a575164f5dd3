"""The lead page: who, both labels, what next, why, what happened, and everything that can be done about it."""

from collections.abc import Mapping

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assay.desk.access import Right, needs
from assay.desk.lead.page import Loaded, context, load


@needs(Right.SEE)
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The page."""
    return show(request, loaded_or_404(lead_id))


def show(request: HttpRequest, loaded: Loaded, bound: Mapping[str, forms.Form] | None = None) -> HttpResponse:
    """The page, or for htmx its history alone; with forms that could not be taken, these as they were sent."""
    bound = bound or {}
    only_history = request.headers.get("HX-Target") == "history"
    template = "lead/history.html" if only_history else "lead/lead.html"
    response = render(request, template, context(request, loaded, bound), status=422 if bound else 200)
    response["Vary"] = "HX-Target"
    return response


def loaded_or_404(lead_id: int) -> Loaded:
    """A lead that exists."""
    loaded = load(lead_id)
    if loaded is None:
        raise Http404
    return loaded
