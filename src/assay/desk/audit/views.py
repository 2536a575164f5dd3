"""The audit: four findings in the order to fix them, and the leads behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from assay.actions.policies import rule
from assay.desk.access import Right, needs, rights_of
from assay.desk.audit.cards import card
from assay.desk.audit.evidence import evidence
from assay.desk.audit.filters import LeadsForm, PeriodForm
from assay.desk.paging import Page, page
from assay.desk.telling import told
from assay.domain.audit import NEXT_STEPS, NOTHING, SAID, TITLES, Mistake, Problem
from assay.records import findings as records
from assay.records.audit import Ids, every
from assay.records.models import Lead

SIZE = 25
LOADED = ("person", "company", "source", "owner")
NEWEST = ("-captured_at", "-pk")


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class Row(NamedTuple):
    """A lead of a finding: what it shows the mistake by, and what speaks against it."""

    lead: Lead
    problems: Sequence[str]
    evidence: Sequence[str]


@needs(Right.SEE)
def audit(request: Request) -> HttpResponse:
    """The four findings of a period. htmx asks for the cards alone."""
    now = timezone.now()
    policy, form = rule(now).policy, PeriodForm(request.GET)
    found = records.audit(form.period(now, policy.zone), policy)
    cards = [card(place, finding, form.query) for place, finding in enumerate(found.findings, 1)]
    return answer(request, "audit", reverse("audit"), form, {"cards": cards, "first": found.first})


@needs(Right.SEE)
def behind(request: Request, name: str) -> HttpResponse:
    """The leads behind one finding, newest first. htmx asks for the list alone."""
    mistake, now = asked_for(name), timezone.now()
    policy, form = rule(now).policy, LeadsForm(request.GET, mistake)
    period = form.period(now, policy.zone)
    answers = records.answered(period, policy) if mistake is Mistake.SLOW_RESPONSE else None
    ids = records.slow(answers) if answers else records.problems(mistake, period, policy)
    shown = _page(request, narrowed(ids, form))
    problems = records.shown_by(ids, [lead.pk for lead in shown.rows])
    told_of = evidence(mistake, shown.rows, period, policy, answers)
    rows = [
        Row(lead, [told(SAID[problem]) for problem in problems[lead.pk]], told_of.get(lead.pk, ()))
        for lead in shown.rows
    ]
    said = {name: told(texts[mistake]) for name, texts in (("title", TITLES), ("step", NEXT_STEPS), ("none", NOTHING))}
    context = {
        "mistake": mistake,
        "page": shown,
        "rows": rows,
        "later": "after" in request.GET or "before" in request.GET,
        "exports": Right.WORK in rights_of(request),
        **said,
    }
    return answer(request, "leads", reverse("audit-leads", args=[mistake]), form, context)


def asked_for(name: str) -> Mistake:
    """The mistake an address names. Raises Http404."""
    if name not in list(Mistake):
        raise Http404(name)
    return Mistake(name)


def narrowed(ids: Mapping[Problem, Ids], form: LeadsForm) -> Ids:
    """The leads of a finding that pass the filters."""
    asked = form.cleaned_data
    some = [found for problem, found in ids.items() if asked.get("problem") in (None, "", problem)]
    leads = records.among(every(*some))
    if asked.get("source") is not None:
        leads = leads.filter(source=asked["source"])
    if owner := asked.get("owner"):
        leads = leads.filter(owner__isnull=True) if owner == "none" else leads.filter(owner=int(owner))
    return leads


def answer(request: Request, name: str, address: str, form: PeriodForm, context: dict[str, object]) -> HttpResponse:
    """The whole page, or for htmx the part that changes with the filters, with the address to share."""
    part = request.htmx.target == "results" and not request.htmx.history_restore_request
    response = render(
        request, f"audit/{name}_results.html" if part else f"audit/{name}.html", {"form": form, **context}
    )
    response["Vary"] = "HX-Request, HX-Target"
    return push_url(response, f"{address}?{form.query}" if form.query else address) if part else response


def _page(request: HttpRequest, found: Ids) -> Page[Lead]:
    """The page's keys first, then these leads with what their rows show."""
    keys = page(request, found.only("captured_at"), NEWEST, SIZE)
    loaded = Lead.objects.select_related(*LOADED).defer("facts").in_bulk([lead.pk for lead in keys.rows])
    return replace(keys, rows=[loaded[lead.pk] for lead in keys.rows if lead.pk in loaded])
