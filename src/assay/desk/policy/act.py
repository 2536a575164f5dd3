"""What people of both teams do with a version: sign, publish, talk, drop, bring back."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import policies, policy_drafts
from assay.actions.actors import Actor
from assay.desk.access import Right, acting, needs
from assay.desk.notices import refused
from assay.desk.policy.forms import PublishForm
from assay.domain.errors import AssayError
from assay.domain.ladder import Desk
from assay.records.models import PolicyVersion

Verb = Callable[[Actor, datetime], object]


def _done(request: HttpRequest, verb: Verb, said: str) -> bool:
    """Do it and tell so; or tell why not."""
    try:
        verb(acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
        return False
    messages.success(request, said)
    return True


@needs(Right.WORK)
@require_POST
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Turn the key of one's own desk."""
    row = get_object_or_404(PolicyVersion, pk=number)
    desk = min(acting(request).desks, default=Desk.MARKETING)
    _done(request, lambda who, at: policies.sign(row.policy, who, desk, at), _("Signed."))
    return redirect("policy-version", number)


@needs(Right.WORK)
@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Put it in force now, or at the time that was typed."""
    form = PublishForm(request.POST)
    later = "later" in request.POST
    if not form.is_valid() or (later and not form.cleaned_data["at"]):
        messages.error(request, _("That is no time. Choose a day and an hour, or publish it now."))
        return redirect("policy-version", number)
    when = form.cleaned_data["at"] if later else None
    said = (
        _("It comes into force at that time by itself.") if when else _("In force. Every lead is being scored by it.")
    )
    _done(request, lambda who, at: policies.publish(number, who, at, when), said)
    return redirect("policy-version", number)


@needs(Right.WORK)
@require_POST
def wait(request: HttpRequest, number: int) -> HttpResponse:
    """Take its time back."""
    _done(request, lambda who, at: policies.keep_waiting(number, who), _("It waits again; its keys stay."))
    return redirect("policy-version", number)


@needs(Right.WORK)
@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """Say something about it."""
    said = request.POST.get("text", "")
    if not _done(request, lambda who, at: policy_drafts.comment(number, who, at, said), _("Said.")) and said.strip():
        messages.info(request, _("You wrote: %(text)s") % {"text": said[:1000]})
    return redirect("policy-version", number)


@needs(Right.WORK)
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Drop a draft."""
    gone = _done(request, lambda who, at: policy_drafts.discard(number, who), _("The draft is gone."))
    return redirect("policy") if gone else redirect("policy-version", number)


@needs(Right.WORK)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Propose the text of an old version anew."""
    row = get_object_or_404(PolicyVersion, pk=number)
    try:
        made = policy_drafts.draft(row.policy, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
        return redirect("policy-version", number)
    messages.success(request, _("A new version with the old text. It needs both keys, as any other."))
    return redirect("policy-version", made.pk)
