"""Companies: who is there, who is missing, who is warm."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.policies import rule
from assay.actions.roles import set_role
from assay.desk import words
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.companies.group import lines, seats
from assay.desk.notices import refused
from assay.desk.paging import Page, page
from assay.domain.errors import AssayError
from assay.records.companies import STRONGEST_FIRST, deals_of, last_signals, members_of, strongest
from assay.records.models import Company, Lead

SHOWN = (
    *("person__name", "person__email", "person__phone", "intent"),
    *("company__name", "company__domain", "company__industry"),
)
"""What a line of the list says of a company and its strongest person."""

PERSON = (
    *("person__name", "person__email", "person__phone", "person__title", "intent", "temperature", "rung", "grid"),
    *("owner__first_name", "owner__last_name", "owner__email"),
)
"""What a company's page says of each of its people."""

LONGEST = 200
"""Characters of a search."""


@needs(Right.SEE)
def companies(request: HttpRequest) -> HttpResponse:
    """The list, by each company's strongest person. htmx asks for the rows alone."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    shown = _page(request, asked)
    context = {
        "page": shown,
        "lines": lines(shown.rows, rule(timezone.now()).policy),
        "asked": asked,
        "later": "after" in request.GET or "before" in request.GET,
    }
    return _answer(request, "companies", context)


@needs(Right.SEE)
def company(request: HttpRequest, company_id: int) -> HttpResponse:
    """One company: its people with their parts, how its intent adds up, deals and the last signals."""
    now, found = timezone.now(), Company.objects.filter(pk=company_id).first()
    if found is None:
        raise Http404
    policy = rule(now).policy
    people = Lead.objects.filter(company=found).select_related("person", "owner").only(*PERSON)
    shown = page(request, people, STRONGEST_FIRST)
    first = Lead.objects.filter(company=found).select_related("person", "company").only(*SHOWN)
    members = members_of(found, shown.rows)
    context: dict[str, object] = {
        "company": found,
        "line": next(iter(lines(list(first.order_by(*STRONGEST_FIRST)[:1]), policy)), None),
        "page": shown,
        "people": [(lead, members.get(lead.person_id)) for lead in shown.rows],
        "seats": seats(found, policy),
        "group": policy.buying_group,
        "parts": words.ROLES.items(),
        "deals": deals_of(found),
        "signals": [(signal, words.signal(policy, signal.kind)) for signal in last_signals(found, now)],
        "works": Right.WORK in rights_of(request),
    }
    return _answer(request, "company", context)


@needs(Right.WORK)
@require_POST
def role(request: HttpRequest, company_id: int) -> HttpResponse:
    """Say which part somebody plays at this company."""
    person, part = request.POST.get("person", ""), request.POST.get("role", "")
    try:
        set_role(int(person) if _is_number(person) else 0, company_id, acting(request), part)
        messages.success(request, _("%(part)s: kept.") % {"part": words.ROLES[part]})
    except AssayError as error:
        refused(request, error)
    if request.headers.get("HX-Target") == "company":
        return company(request, company_id)  # type: ignore[return-value]
    return redirect("company", company_id)


def _page(request: HttpRequest, asked: str) -> Page[Lead]:
    """The strongest people by their keys alone, then these with what their lines show."""
    keys = page(request, strongest(asked).only("intent"), STRONGEST_FIRST)
    loaded = Lead.objects.select_related("person", "company").only(*SHOWN).in_bulk([lead.pk for lead in keys.rows])
    return replace(keys, rows=[loaded[lead.pk] for lead in keys.rows if lead.pk in loaded])


def _answer(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    """The whole page, or the part of it that htmx puts in the place of its target."""
    part = request.headers.get("HX-Target") == name and "HX-History-Restore-Request" not in request.headers
    response = render(request, f"companies/{name}_part.html" if part else f"companies/{name}.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return response


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
