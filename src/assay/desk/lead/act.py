"""What is done with a lead from its page: moves, touches, notes and a new owner. Each is one verb."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import gate, work
from assay.actions.actors import Actor
from assay.actions.moves import make_move
from assay.desk import words
from assay.desk.access import Right, acting, needs
from assay.desk.lead.forms import BantForm, DealNotesForm, TouchForm
from assay.desk.lead.moves import FORMS
from assay.desk.lead.page import next_step_of, setting
from assay.desk.lead.taking import Said, take
from assay.desk.lead.views import loaded_or_404
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.domain.ladder import BANT, Rung, moves_from


def _open_deal(
    lead_id: int, by: Actor, at: datetime, *, value: Decimal, currency: str, close_date: date, **bant: str
) -> object:
    return work.open_deal(lead_id, by, at, value=value, currency=currency, close_date=close_date, bant=bant)


VERBS: Mapping[str, Callable[..., object]] = {
    "accept": gate.accept,
    "qualify": gate.qualify,
    "reject": gate.reject,
    "withdraw": gate.withdraw,
    "promote": gate.promote,
    "open_deal": _open_deal,
    "win": work.win,
    "lose": work.lose,
    "disqualify": work.disqualify,
    "recycle": work.recycle,
    "reopen": work.reopen,
}
"""The verb behind each move; the fields of its form are its arguments."""


@needs(Right.WORK)
@require_POST
def move(request: HttpRequest, lead_id: int, move: str) -> HttpResponse:
    """Make a move of the ladder."""
    loaded, by = loaded_or_404(lead_id), acting(request)
    if move not in VERBS:
        raise Http404

    def deed(said: Said) -> str:
        VERBS[move](lead_id, by, timezone.now(), **said)
        return _told(lead_id, words.DONE[move])

    if move not in {row.name for row in moves_from(Rung(loaded.lead.rung), by.desks)}:
        return _no_longer(request, lead_id, move)
    return take(request, loaded, move, FORMS[move](request.POST, setting(loaded, by)), deed)


def _no_longer(request: HttpRequest, lead_id: int, move: str) -> HttpResponse:
    """The page offers this move no more, or never did to this person: the ladder says why."""
    try:
        make_move(move, lead_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
    return redirect("lead", lead_id)


def _told(lead_id: int, done: object) -> str:
    """What was done, and what is next."""
    return _("%(done)s. Next: %(step)s.") % {"done": done, "step": next_step_of(loaded_or_404(lead_id))}


@needs(Right.WORK)
@require_POST
def touch(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Log a call, an email or a meeting."""

    def deed(said: Said) -> str:
        at, reached = said["at"] or timezone.now(), said["reached"] == "yes"
        work.log_touch(lead_id, acting(request), at, kind=said["kind"], reached=reached, note=said["note"])
        return _told(lead_id, _("Logged"))

    return take(request, loaded_or_404(lead_id), "touch", TouchForm(request.POST), deed)


@needs(Right.SELL)
@require_POST
def notes(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Confirm budget, authority, need and timeline with notes."""
    loaded = loaded_or_404(lead_id)

    def deed(said: Said) -> str:
        work.confirm(lead_id, acting(request), {point: said[point] for point in BANT})
        return _told(lead_id, _("Notes kept"))

    # Before a deal is open, the form that opens it holds the notes.
    name, form = ("open_deal", DealNotesForm) if loaded.lead.rung == Rung.SQL else ("notes", BantForm)
    return take(request, loaded, name, form(request.POST), deed)


@needs(Right.SELL)
@require_POST
def owner(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give the lead to another salesperson."""
    asked = request.POST.get("owner", "")
    try:
        work.assign(lead_id, acting(request), timezone.now(), int(asked) if asked.isascii() and asked.isdigit() else 0)
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("The lead is %(owner)s's now.") % {"owner": loaded_or_404(lead_id).lead.owner})
    return redirect("lead", lead_id)
