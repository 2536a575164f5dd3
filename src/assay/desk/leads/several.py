"""Something done to several leads at once: each is tried by itself, and what was refused is told with why."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from assay.actions import gate, work
from assay.actions.actors import Actor
from assay.actions.bulk import Outcome, each
from assay.actions.policies import rule
from assay.desk.access import Right, acting, needs
from assay.desk.leads.choices import sellers
from assay.desk.leads.filters import LeadFilters
from assay.desk.leads.views import address
from assay.desk.paging import SIZE
from assay.desk.reasons import ReasonForm
from assay.desk.telling import told_error
from assay.desk.words import Text, reasons
from assay.records.models import Lead

NAMED = 3
"""How many leads are named beside each reason why some were refused."""


class PromoteForm(forms.Form):
    """Why marketing sends leads to the gate against the score."""

    text = forms.CharField(
        label=_lazy("Why, against the score?"),
        help_text=_lazy("Sales reads it in the inbox, and the audit counts it."),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3, "autofocus": True}),
        error_messages={"required": _lazy("Say why.")},
    )


class AssignForm(forms.Form):
    """To whom leads go."""

    owner = forms.TypedChoiceField(label=_lazy("New owner"), coerce=int, error_messages={"required": _lazy("Choose.")})

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        people = [(user.pk, user.name) for user in sellers()]
        self.fields["owner"].choices = [("", _("Choose somebody of sales")), *people]  # type: ignore[attr-defined]


class Deed(NamedTuple):
    """What can be done to several leads: its words, what it asks for, and the verb."""

    title: Text
    button: Text
    form: Callable[..., forms.Form]
    verb: Callable[[int, Actor, datetime, dict[str, Any]], object]


PROMOTE = Deed(
    _lazy("Send to the gate"),
    _lazy("Promote"),
    PromoteForm,
    lambda lead_id, by, at, said: gate.promote(lead_id, by, at, text=said["text"]),
)
DISQUALIFY = Deed(
    _lazy("Disqualify"),
    _lazy("Disqualify"),
    lambda *data: ReasonForm(reasons(rule(timezone.now()).policy, "disqualify"), *data),
    lambda lead_id, by, at, said: work.disqualify(lead_id, by, at, reason=said["reason"], text=said["text"]),
)
ASSIGN = Deed(
    _lazy("Give to another owner"),
    _lazy("Assign"),
    AssignForm,
    lambda lead_id, by, at, said: work.assign(lead_id, by, at, said["owner"]),
)


@needs(Right.MARKET)
def promote(request: HttpRequest) -> HttpResponse:
    """Send the ticked leads to the gate."""
    return _several(request, PROMOTE)


@needs(Right.MARKET)
def disqualify(request: HttpRequest) -> HttpResponse:
    """Take the ticked leads out."""
    return _several(request, DISQUALIFY)


@needs(Right.SELL)
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked leads to somebody else."""
    return _several(request, ASSIGN)


def _several(request: HttpRequest, deed: Deed) -> HttpResponse:
    """Ask what the deed needs to know about the ticked leads, then do it to each."""
    asked = request.POST if request.method == "POST" else request.GET
    back = LeadFilters(QueryDict(asked.get("back", ""))).query
    leads = _ticked(asked)
    if not leads:
        messages.warning(request, _("Tick some leads first."))
        return redirect(address(back))
    form = deed.form(request.POST) if request.method == "POST" else deed.form()
    if form.is_bound and form.is_valid():
        by, at = acting(request), timezone.now()
        outcome = each([lead.pk for lead in leads], lambda lead_id: deed.verb(lead_id, by, at, form.cleaned_data))
        if outcome.done or len(_why(outcome)) > 1:
            _tell(request, outcome, {lead.pk: str(lead.person) for lead in leads})
            return redirect(address(back))
        form.add_error(None, *_why(outcome))
    context = {"deed": deed, "form": form, "leads": leads, "back": back, "cancel": address(back)}
    return render(request, "leads/several.html", context, status=422 if form.errors else 200)


def _ticked(asked: QueryDict) -> list[Lead]:
    """The leads ticked on one page, in its order."""
    ticked = [int(pk) for pk in asked.getlist("lead")[:SIZE] if pk.isascii() and pk.isdigit() and len(pk) < 19]
    found = Lead.objects.select_related("person", "company").defer("facts").in_bulk(ticked)
    return [found[pk] for pk in dict.fromkeys(ticked) if pk in found]


def _why(outcome: Outcome) -> dict[str, list[int]]:
    """The refused leads by the sentence that says why."""
    leads: dict[str, list[int]] = {}
    for lead_id, error in outcome.refused.items():
        leads.setdefault(told_error(error), []).append(lead_id)
    return leads


def _tell(request: HttpRequest, outcome: Outcome, names: dict[int, str]) -> None:
    """Such as: 12 done, 3 refused."""
    done, refused = len(outcome.done), len(outcome.refused)
    said = ngettext("%(number)d lead done", "%(number)d leads done", done) % {"number": done}
    if not refused:
        messages.success(request, f"{said}.")
        return
    said += ", " + ngettext("%(number)d refused", "%(number)d refused", refused) % {"number": refused}
    messages.warning(request, f"{said}.")
    for sentence, lead_ids in _why(outcome).items():
        who = ", ".join(names[lead_id] for lead_id in lead_ids[:NAMED])
        more = len(lead_ids) - NAMED
        who += " " + _("and %(number)d more") % {"number": more} if more > 0 else ""
        messages.warning(request, f"{who}: {sentence}")
