"""Deciding at the gate: accept, return with a reason, or return several at once; then on to the next lead."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from assay.actions import gate as verbs
from assay.actions.policies import rule
from assay.actions.returns import reject_each
from assay.desk import words
from assay.desk.access import Right, acting, needs
from assay.desk.inbox.queue import MOST, Filters
from assay.desk.inbox.views import Request
from assay.desk.notices import refused
from assay.desk.reasons import ReasonForm
from assay.desk.telling import by_whom, told
from assay.domain.errors import AlreadyDecided, AssayError, MoveRefused
from assay.records import gate
from assay.records.keyset import beyond
from assay.records.models import Lead
from assay.records.waiting import INBOX_ORDER, at_the_gate


@needs(Right.SELL)
@require_POST
def accept(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take the lead over."""
    try:
        verbs.accept(lead_id, acting(request), timezone.now())
    except AlreadyDecided:
        _too_late(request, lead_id)
    except AssayError as error:
        refused(request, error)
    else:
        _tell_accepted(request, lead_id)
    return _onward(request, lead_id)


@needs(Right.SELL)
def reject(request: Request, lead_id: int) -> HttpResponse:
    """Return the lead with a reason; without one, ask for it."""
    form = _reason_form(request)
    if request.method == "POST" and form.is_valid():
        reason, text = form.cleaned_data["reason"], form.cleaned_data["text"]
        try:
            verbs.reject(lead_id, acting(request), timezone.now(), reason=reason, text=text)
        except AlreadyDecided:
            _too_late(request, lead_id)
            return _onward(request, lead_id)
        except MoveRefused as error:
            form.add_error(None, told(error.hint or error.sentence))
        else:
            said = {"who": _who(lead_id), "why": form.reasons[reason]}
            messages.success(request, _("%(who)s went back to marketing: %(why)s.") % said)
            return _onward(request, lead_id)
    context = {"form": form, "leads": [_lead(lead_id)], "state": request.GET.urlencode(), "back": lead_id}
    if request.htmx:
        part = render(request, "inbox/reject_form.html", context | {"lead": _lead(lead_id)})
        return reswap(retarget(part, "#reject-form"), "outerHTML")
    return render(request, "inbox/reject.html", context, status=422 if form.errors else 200)


@needs(Right.SELL)
def reject_several(request: HttpRequest) -> HttpResponse:
    """Return all ticked leads for one reason."""
    asked = request.POST if request.method == "POST" else request.GET
    ticked = [int(pk) for pk in asked.getlist("lead")[:MOST] if pk.isascii() and pk.isdigit() and len(pk) < 19]
    leads = list(at_the_gate().select_related("person", "company").filter(pk__in=ticked))
    state = request.GET.copy()
    state.pop("lead", None)
    if not leads:
        messages.warning(request, _("Tick the leads to reject first: none of those chosen waits any more."))
        return redirect(_address("inbox", state))
    form = _reason_form(request)
    if request.method == "POST" and form.is_valid():
        reason, text = form.cleaned_data["reason"], form.cleaned_data["text"]
        done = reject_each([lead.pk for lead in leads], acting(request), timezone.now(), reason=reason, text=text)
        for lead_id, error in done.refused.items():
            if isinstance(error, AlreadyDecided):
                _too_late(request, lead_id)
        blocked = [error for error in done.refused.values() if not isinstance(error, AlreadyDecided)]
        if blocked:
            form.add_error(None, told(blocked[0].hint or blocked[0].sentence))
        if done.decisions:
            _tell_rejected(request, len(done.decisions), form.reasons[reason])
        if not blocked:
            return redirect(_address("inbox", state))
    context = {"form": form, "leads": leads, "state": state.urlencode(), "back": None}
    return render(request, "inbox/reject.html", context, status=422 if form.errors else 200)


def _reason_form(request: HttpRequest) -> ReasonForm:
    reasons = words.reasons(rule(timezone.now()).policy, "reject")
    return ReasonForm(reasons, request.POST if request.method == "POST" else None)


def _onward(request: HttpRequest, lead_id: int) -> HttpResponse:
    """To the lead that comes after this one in the list, else to the best that is left."""
    lead = _lead(lead_id)
    waiting = Filters.asked(request.GET).leads()
    after = waiting.filter(beyond(INBOX_ORDER, [lead.mql, lead.total, lead.intent, lead.pk])).first()
    following = after or waiting.first()
    if following is None:
        return redirect(_address("inbox", request.GET))
    return redirect(_address("inbox-lead", request.GET, following.pk))


def _address(name: str, state: QueryDict, *args: int) -> str:
    return reverse(name, args=args) + (f"?{state.urlencode()}" if state else "")


def _lead(lead_id: int) -> Lead:
    return get_object_or_404(Lead.objects.select_related("person", "company"), pk=lead_id)


def _who(lead_id: int) -> str:
    return str(_lead(lead_id).person)


def _too_late(request: HttpRequest, lead_id: int) -> None:
    """Somebody else was quicker: say who, when and what."""
    last = gate.last_verdict(_lead(lead_id))
    if last is None:
        return
    at = time_format(timezone.localtime(last.at), "TIME_FORMAT")
    said = {"who": _who(lead_id), "what": words.DONE[last.move], "by": by_whom(last), "at": at}
    messages.warning(
        request, _("%(who)s was decided before you: %(what)s, %(by)s at %(at)s. Nothing was changed.") % said
    )


def _tell_accepted(request: HttpRequest, lead_id: int) -> None:
    """Whose the lead is now: one's own, unless the policy routes it to somebody else."""
    lead = get_object_or_404(Lead.objects.select_related("person", "owner"), pk=lead_id)
    said = {"who": lead.person, "owner": lead.owner}
    mine = lead.owner_id == request.user.pk
    messages.success(request, (_("%(who)s is yours now.") if mine else _("%(who)s goes to %(owner)s.")) % said)


def _tell_rejected(request: HttpRequest, number: int, why: str) -> None:
    text = ngettext(
        "%(number)d lead went back to marketing: %(why)s.", "%(number)d leads went back to marketing: %(why)s.", number
    )
    messages.success(request, text % {"number": number, "why": why})
