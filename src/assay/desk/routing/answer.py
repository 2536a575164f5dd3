"""What somebody answers to the offer of a lead: takes it, or passes it on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import offers
from assay.desk.access import Right, acting, needs
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.domain.ladder import GATE
from assay.records.models import Lead


@needs(Right.SELL)
@require_POST
def take(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take the lead over."""
    try:
        offers.take(lead_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
        return redirect("work")
    messages.success(request, _("%(who)s is yours now.") % {"who": _lead(lead_id).person})
    return redirect("lead", lead_id)


@needs(Right.SELL)
@require_POST
def pass_on(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Hand it to the next."""
    lead = _lead(lead_id)
    try:
        offer = offers.pass_on(lead_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
    else:
        said = {"who": lead.person, "to": offer.to if offer and offer.to else _("nobody, and the managers know")}
        messages.success(request, _("%(who)s goes on to %(to)s.") % said)
    return redirect("inbox" if lead.rung in GATE else "work")


def _lead(lead_id: int) -> Lead:
    return get_object_or_404(Lead.objects.select_related("person"), pk=lead_id)
