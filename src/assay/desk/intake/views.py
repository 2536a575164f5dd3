"""Intake as it happens: events and what became of them, how far the scores are behind, and what could not be used."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assay.actions.policies import rule
from assay.actions.replay import Replayed, replay, replay_all
from assay.desk.access import Right, needs, rights_of
from assay.desk.intake.bad import bad_rows, reasons
from assay.desk.intake.live import live
from assay.intake.collector.replay import again
from assay.records.models import WriteKey

PARTS = {"live": "intake/live.html", "bad": "intake/bad.html"}
"""Which part of the page htmx asks for, by the id of what it replaces."""


@needs(Right.CONNECT)
def intake(request: HttpRequest) -> HttpResponse:
    """The page; every few seconds one of its parts."""
    part = request.headers.get("HX-Target", "")
    now = timezone.now()
    context: dict[str, object] = {"part": part}
    if part != "bad":
        context |= {"live": live(now, rule(now).policy)}
    if part != "live":
        context |= {"bad": bad_rows(), "reasons": reasons()}
        context |= {"may_merge": Right.MERGE in rights_of(request)}
    if part not in PARTS:
        context |= {"connected": WriteKey.objects.filter(revoked_at=None).exists()}
    response = render(request, PARTS.get(part, "intake/intake.html"), context)
    response["Vary"] = "HX-Target"
    return response


@needs(Right.CONNECT)
@require_POST
def replay_some(request: HttpRequest) -> HttpResponse:
    """Try one row of the quarantine once more, or all that were refused for one reason."""
    now, row, code = timezone.now(), request.POST.get("row", ""), request.POST.get("reason", "")
    if row.isascii() and row.isdigit() and len(row) < 19:
        done = replay([int(row)], now, again(now))
    else:
        done = replay_all(code, now, again(now))
    (messages.success if done.taken or not done.refused else messages.warning)(request, _told(done))
    return redirect("intake")


def _told(done: Replayed) -> str:
    """What a replay did."""
    said = []
    if done.stored:
        said.append(ngettext("%d event was stored.", "%d events were stored.", done.stored) % done.stored)
    if done.known:
        said.append(ngettext("%d was on record already.", "%d were on record already.", done.known) % done.known)
    if done.waiting:
        said.append(
            ngettext(
                "%d signal is counted again in a moment.", "%d signals are counted again in a moment.", done.waiting
            )
            % done.waiting
        )
    if done.refused:
        said.append(
            ngettext("%d still cannot be taken; it says why.", "%d still cannot be taken; they say why.", done.refused)
            % done.refused
        )
    return " ".join(said) or _("That was replayed before. Nothing was changed.")
