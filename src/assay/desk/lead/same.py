"""Two leads who are one person: somebody looks for the other, sees both side by side, and says so; or parts them."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.merging import leave_apart, merge_leads, part
from assay.actions.people import BEFORE_THE_GATE, staying
from assay.desk.access import Right, acting, needs
from assay.desk.lead.forms import WhyForm
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.domain.ladder import Rung
from assay.records.duplicates import possible_duplicates
from assay.records.models import Deal, Identity, Lead, Merge, Signal, Touch
from assay.records.words import matching

FOUND = 20
MOST_SIGNALS = 1_000
MOST_IDENTITIES = 8
SHOWN = ("person", "company", "source", "campaign", "owner")


class Side(NamedTuple):
    """One of two leads, with what is known of it beyond its own row."""

    lead: Lead
    identities: Sequence[Identity]
    more: bool
    signals: int
    many: bool
    touches: int
    deals: int


@needs(Right.MERGE)
def same(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Look for the other lead; at first for others of the same name."""
    lead = get_object_or_404(Lead.objects.select_related(*SHOWN), pk=lead_id)
    asked = request.GET.get("q", lead.person.name or lead.person.email).strip()[:200]
    others = Lead.objects.filter(matching(asked)) if asked else Lead.objects.none()
    found = others.exclude(pk=lead.pk).select_related(*SHOWN).order_by("-total", "pk")[:FOUND]
    context = {"lead": lead, "asked": asked, "found": found}
    part_only = request.headers.get("HX-Target") == "found"
    response = render(request, "lead/found.html" if part_only else "lead/same.html", context)
    response["Vary"] = "HX-Target"
    return response


@needs(Right.MERGE)
def sides(request: HttpRequest, lead_id: int, other_id: int) -> HttpResponse:
    """Both side by side, and which of them stays; posted, they become one."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            merge = merge_leads(lead_id, other_id, acting(request), timezone.now(), form.cleaned_data["why"])
        except AssayError as error:
            refused(request, error)
        else:
            kept = Lead.objects.get(person=merge.kept_id)
            messages.success(request, _("They are one person now; the score is that of both together."))
            return redirect("lead", kept.pk)
    leads = Lead.objects.select_related(*SHOWN).in_bulk([lead_id, other_id])
    if len(leads) != 2:
        raise Http404
    kept, merged = staying(leads[lead_id], leads[other_id])
    both = [_side(kept), _side(merged)]
    before = Merge.objects.filter(merged__in=[kept.person_id, merged.person_id], undone_at=None)
    context = {
        "lead": leads[lead_id],
        "both": both,
        "kept": both[0],
        "merged": both[1],
        "both_worked_on": Rung(merged.rung) not in BEFORE_THE_GATE,
        "part_already": before.select_related("kept__lead", "merged").first(),
        "form": form,
    }
    return render(request, "lead/sides.html", context, status=422 if form.errors else 200)


def _side(lead: Lead) -> Side:
    known = Identity.objects.filter(person=lead.person_id).exclude(kind="row").order_by("kind", "pk")
    identities = list(known[: MOST_IDENTITIES + 1])
    signals = Signal.objects.filter(identity__person=lead.person_id).values("pk")[: MOST_SIGNALS + 1].count()
    return Side(
        lead,
        identities[:MOST_IDENTITIES],
        len(identities) > MOST_IDENTITIES,
        min(signals, MOST_SIGNALS),
        signals > MOST_SIGNALS,
        Touch.objects.filter(lead=lead).count(),
        Deal.objects.filter(lead=lead).count(),
    )


@needs(Right.MERGE)
@require_POST
def apart(request: HttpRequest, lead_id: int, merge_id: int) -> HttpResponse:
    """Part two people again."""
    try:
        merge = part(merge_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
    else:
        said = _("Parted. %(who)s is a lead of their own again, on a new pass.") % {"who": merge.merged}
        messages.success(request, said)
    return redirect("lead", lead_id)


@needs(Right.MERGE)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Leads whose ids came together in one event; posted, the rows that name two people are done with."""
    pairs = possible_duplicates()
    if request.method == "POST":
        asked = request.POST.get("pair", "")
        rows = [row.pk for pair in pairs if f"{pair.one.pk}-{pair.other.pk}" == asked for row in pair.rows]
        try:
            leave_apart(rows, acting(request), timezone.now())
        except AssayError as error:
            refused(request, error)
        else:
            messages.success(request, _("They stay two people."))
        return redirect("duplicates")
    return render(request, "lead/duplicates.html", {"pairs": pairs})
