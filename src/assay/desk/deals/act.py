"""What is done with a deal: confirm points, open, change, win, lose. Each is one verb."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assay.actions import work
from assay.actions.actors import Actor
from assay.actions.deals import change_deal
from assay.actions.policies import rule
from assay.desk.access import Right, acting, needs
from assay.desk.deals import views
from assay.desk.deals.page import form_of, load
from assay.desk.notices import refused
from assay.domain.errors import AlreadyDecided, AssayError, BadInput


def _confirm(lead_id: int, by: Actor, at: datetime, **notes: str) -> object:
    return work.confirm(lead_id, by, notes)


def _open(
    lead_id: int, by: Actor, at: datetime, *, value: Decimal, currency: str, close_date: date, **bant: str
) -> object:
    return work.open_deal(lead_id, by, at, value=value, currency=currency, close_date=close_date, bant=bant)


def _lose(lead_id: int, by: Actor, at: datetime, *, reason: str, text: str, closed_on: date | None) -> object:
    today = at.astimezone(rule(at).policy.zone).date()
    if closed_on and closed_on > today:
        raise BadInput("bad_date", _("A deal cannot be lost in the future."), _("Give the day it was lost."))
    return work.lose(lead_id, by, at, reason=reason, text=text, closed_on=closed_on or today)


VERBS: Mapping[str, Callable[..., object]] = {
    "confirm": _confirm,
    "open": _open,
    "change": change_deal,
    "win": work.win,
    "lose": _lose,
}
"""The verb behind each form; the form's fields are its arguments."""
DONE: Mapping[str, str | Promise] = {
    "confirm": gettext_lazy("Notes kept."),
    "open": gettext_lazy("The deal is open."),
    "change": gettext_lazy("The deal is changed."),
    "win": gettext_lazy("The deal is won."),
    "lose": gettext_lazy("The deal is lost; the reason is kept."),
}


@needs(Right.SELL)
@require_POST
def act(request: HttpRequest, lead_id: int, name: str) -> HttpResponse:
    """Do what a form asks for, and go back to where it was sent from."""
    if name not in VERBS:
        raise Http404
    now, (_lead, deal) = timezone.now(), load(lead_id)
    form = form_of(name, deal, rule(now).policy, now, request.POST)
    if not form.is_valid():
        if _from_board(request):
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return _onward(request, lead_id)
        return views.show(request, lead_id, {name: form})
    try:
        done = VERBS[name](lead_id, acting(request), now, **form.cleaned_data)
    except AlreadyDecided as error:
        refused(request, error)
    except AssayError as error:
        refused(request, error)
        if not _from_board(request):
            return views.show(request, lead_id, {name: form})
    else:
        messages.success(request, str(DONE[name]) if done else _("Nothing was different."))
    return _onward(request, lead_id)


def _from_board(request: HttpRequest) -> bool:
    return request.POST.get("from") == "board"


def _onward(request: HttpRequest, lead_id: int) -> HttpResponse:
    if not _from_board(request):
        return redirect("deal", lead_id)
    if request.headers.get("HX-Target") == "board":
        return views.deals(request)  # type: ignore[return-value]
    return redirect(reverse("deals") + (f"?{request.GET.urlencode()}" if request.GET else ""))
