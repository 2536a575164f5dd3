"""Correcting what is known of a lead, and saying who plays which part at its company."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.edits import correct
from assay.actions.roles import set_role
from assay.desk import words
from assay.desk.access import Right, acting, needs
from assay.desk.lead.facts import FactsForm
from assay.desk.lead.page import Loaded
from assay.desk.lead.taking import Said, take
from assay.desk.lead.views import loaded_or_404
from assay.desk.notices import refused
from assay.desk.templatetags.desk import both_labels, points
from assay.domain.errors import AssayError
from assay.records.models import Edit, Lead


@needs(Right.WORK)
@require_POST
def facts(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Correct facts of the person, the company and the lead."""
    loaded = loaded_or_404(lead_id)
    form = FactsForm(loaded.lead, loaded.policy, request.POST)

    def deed(said: Said) -> str:
        return _told(loaded, correct(lead_id, acting(request), timezone.now(), form.changes()))

    return take(request, loaded, "facts", form, deed)


@needs(Right.WORK)
@require_POST
def role(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Say which part somebody plays at the lead's company."""
    lead, person = loaded_or_404(lead_id).lead, request.POST.get("person", "")
    person_id = int(person) if person.isascii() and person.isdigit() else 0
    try:
        set_role(person_id, lead.company_id or 0, acting(request), request.POST.get("role", ""))
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("Kept."))
    return redirect("lead", lead_id)


def _told(loaded: Loaded, edits: Sequence[Edit]) -> str:
    """What a correction changed, in the facts and in the score."""
    if not edits:
        return _("Nothing was different, so nothing was changed.")
    before, after = loaded.lead, Lead.objects.get(pk=loaded.lead.pk)
    names = ", ".join(dict.fromkeys(words.fact(edit.field) for edit in edits))
    told = [_("Corrected: %(names)s.") % {"names": names}]
    if round(before.fit, 1) != round(after.fit, 1):
        told.append(
            _("Fit was %(before)s and is %(after)s.") % {"before": points(before.fit), "after": points(after.fit)}
        )
    if before.rung != after.rung:
        told.append(_("It is a %(label)s now.") % {"label": both_labels(after.temperature, after.rung)})
    return " ".join(told)
