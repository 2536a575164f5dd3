"""Companies: who is there, who is missing, who is warm."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
from assay.desk.notices import refused
from assay.desk.paging import page
from assay.domain.company import CompanyIntent, company_intent, missing_roles
from assay.domain.errors import AssayError
from assay.domain.policy import Policy
from assay.records.companies import Crowd, crowds, parts_played, search
from assay.records.models import Company, Deal, Membership, Signal

PEOPLE_SHOWN = 100
SIGNALS_SHOWN = 20


class Missing(NamedTuple):
    """A part of the buying group that nobody plays yet, and how many are lacking."""

    part: words.Text
    people: int


class Line(NamedTuple):
    """A company of the list with what its people add up to."""

    company: Company
    crowd: Crowd | None
    intent: CompanyIntent | None
    missing: list[Missing]


@needs(Right.SEE)
def companies(request: HttpRequest) -> HttpResponse:
    """The list, by domain."""
    asked = request.GET.get("q", "").strip()
    shown = page(request, search(asked), ("domain",))
    lines = _lines(shown.rows, rule(timezone.now()).policy)
    return render(request, "companies/companies.html", {"page": shown, "lines": lines, "asked": asked})


@needs(Right.SEE)
def company(request: HttpRequest, company_id: int) -> HttpResponse:
    """One company: its people with their parts, how its intent adds up, deals and the last signals."""
    found = Company.objects.filter(pk=company_id).first()
    if found is None:
        raise Http404
    policy = rule(timezone.now()).policy
    [line] = _lines([found], policy)
    members = Membership.objects.filter(company=found, person__lead__isnull=False).select_related("person__lead__owner")
    signals = Signal.objects.filter(identity__person__lead__company=found).select_related("identity__person__lead")
    context = {
        "line": line,
        "company": found,
        "members": members.order_by("-person__lead__intent", "pk")[:PEOPLE_SHOWN],
        "shown": PEOPLE_SHOWN,
        "parts": words.ROLES.items(),
        "wanted": [(words.ROLES[part], count) for part, count in policy.buying_group.roles.items()],
        "group": policy.buying_group,
        "deals": Deal.objects.filter(company=found, opened_at__isnull=False)
        .select_related("lead__person")
        .order_by("-pk"),
        "signals": [
            (signal, words.signal(policy, signal.kind)) for signal in signals.order_by("-at", "-pk")[:SIGNALS_SHOWN]
        ],
        "works": Right.WORK in rights_of(request),
    }
    return render(request, "companies/company.html", context)


@needs(Right.WORK)
@require_POST
def role(request: HttpRequest, company_id: int) -> HttpResponse:
    """Say which part somebody plays at this company."""
    person = request.POST.get("person", "")
    try:
        set_role(int(person) if person.isdecimal() else 0, company_id, acting(request), request.POST.get("role", ""))
        messages.success(request, _("Kept."))
    except AssayError as error:
        refused(request, error)
    return redirect("company", company_id)


def _lines(rows: Sequence[Company], policy: Policy) -> list[Line]:
    people, played = crowds(rows), parts_played(rows)
    return [_line(row, people.get(row.pk), played.get(row.pk, Counter()), policy) for row in rows]


def _line(row: Company, crowd: Crowd | None, played: Mapping[str, int], policy: Policy) -> Line:
    group = policy.buying_group
    intent = company_intent(crowd.strongest, crowd.everybody, group) if crowd else None
    lacking = [Missing(words.ROLES[part], count) for part, count in missing_roles(played, group).items()]
    return Line(row, crowd, intent, lacking)
