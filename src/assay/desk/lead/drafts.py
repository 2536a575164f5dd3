"""Decisions that programs drafted for a lead: confirmed or dismissed by a person who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.actors import Actor
from assay.actions.drafts import confirm_draft, dismiss_draft
from assay.desk import words
from assay.desk.access import Right, acting, needs
from assay.desk.lead.moves import WORDING
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.domain.ladder import Rung, moves_from
from assay.domain.policy import Policy
from assay.records.drafts import open_drafts
from assay.records.models import Draft, Lead


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A draft in the words of the page; ``may`` says whether whoever looks could decide it."""

    draft: Draft
    title: words.Text
    said: Sequence[str]
    may: bool


def suggestions(lead: Lead, by: Actor, policy: Policy, *, works: bool) -> list[Suggestion]:
    """The open drafts of a lead, the newest first."""
    decided = {row.name for row in moves_from(Rung(lead.rung), by.desks)} if works else set()
    return [
        Suggestion(row, WORDING[row.move].title, _said(row, policy), row.move in decided)
        for row in open_drafts(lead.pk)
    ]


def _said(row: Draft, policy: Policy) -> list[str]:
    """The reason in the policy's words, then what else goes along."""
    reason = [words.reason(policy, row.move, row.said["reason"])] if "reason" in row.said else []
    return [*reason, *(row.said[name] for name in ("text", "fit_note", "intent_note") if name in row.said)]


@needs(Right.WORK)
@require_POST
def confirm(request: HttpRequest, lead_id: int, draft_id: int) -> HttpResponse:
    """Decide as drafted."""
    try:
        decision = confirm_draft(draft_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("%(done)s, as drafted.") % {"done": words.DONE[decision.move]})
    return redirect("lead", lead_id)


@needs(Right.WORK)
@require_POST
def dismiss(request: HttpRequest, lead_id: int, draft_id: int) -> HttpResponse:
    """Do nothing of it."""
    try:
        dismiss_draft(draft_id, acting(request), timezone.now())
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("The draft is dismissed; nothing was decided."))
    return redirect("lead", lead_id)
