"""What can be done about an endpoint: try it out, switch it off or on, remove it, send messages again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assay.actions import replaying
from assay.actions.actors import Actor
from assay.actions.webhooks import disable_endpoint, enable_endpoint, remove_endpoint
from assay.desk.access import Right, acting, needs
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.records.models import WebhookEndpoint

Verb = Callable[[WebhookEndpoint, Actor, datetime], object]

VERBS: Mapping[str, tuple[Verb, str | Promise]] = {
    "test": (replaying.send_test, _("A test is on its way. What it answers stands in the log in a moment.")),
    "disable": (lambda row, by, at: disable_endpoint(row.pk, by, at), _("It is told nothing more.")),
    "enable": (lambda row, by, at: enable_endpoint(row.pk, by), _("It is told again of what happens from now on.")),
    "remove": (lambda row, by, at: remove_endpoint(row.pk, by, at), _("Removed, with its secret.")),
}


@needs(Right.ADMINISTER)
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Do one of these."""
    row, what = get_object_or_404(WebhookEndpoint, pk=number), request.POST.get("what", "")
    if what in VERBS:
        verb, said = VERBS[what]
        try:
            verb(row, acting(request), timezone.now())
        except AssayError as error:
            refused(request, error)
        else:
            messages.success(request, str(said))
    return redirect("webhooks") if what == "remove" else redirect("webhook", number)


@needs(Right.ADMINISTER)
@require_POST
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """Send one message again, or all that were given up."""
    row, message = get_object_or_404(WebhookEndpoint, pk=number), request.POST.get("message", "")
    by, now = acting(request), timezone.now()
    try:
        if message.isascii() and message.isdigit() and len(message) < 19:
            replaying.replay(int(message), by, now)
            sent = 1
        else:
            sent = replaying.replay_dead(by, now, row)
    except AssayError as error:
        refused(request, error)
    else:
        said = ngettext("%d message is sent again in a moment.", "%d messages are sent again in a moment.", sent)
        messages.success(request, said % sent)
    return redirect("webhook", number)
