"""Write keys: made, ruled, tried out, pasted into a website, and revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions.keys import add_key, change_key, revoke_key
from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, needs
from assay.desk.intake.forms import KeyForm, SettingsForm, rules_form, said_rules
from assay.desk.notices import refused
from assay.domain.errors import AssayError
from assay.domain.kinds import PAGE_VIEW, kind_of
from assay.domain.policy import Policy
from assay.intake.collector.keys import ready
from assay.intake.tracker import snippet
from assay.records.models import Source, WriteKey


@needs(Right.CONNECT)
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, and the form that makes another."""
    form = KeyForm(
        request.POST if request.method == "POST" else None, initial={"source": "Website", "source_of_visit": True}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = add_key(said.pop("name"), said.pop("source"), timezone.now(), **said)
        except AssayError as error:
            refused(request, error)
        else:
            messages.success(request, _("The key works from now on. Paste the lines into your website."))
            return redirect("key", made.pk)
    rows = WriteKey.objects.select_related("source", "campaign")
    context = {
        "form": form,
        "keys": rows.filter(revoked_at=None).order_by("name", "pk"),
        "revoked": rows.exclude(revoked_at=None).order_by("-revoked_at"),
        "sources": Source.objects.order_by("name").values_list("name", flat=True),
    }
    return render(request, "intake/keys.html", context, status=422 if form.errors else 200)


@needs(Right.CONNECT)
def key(request: HttpRequest, key_id: int) -> HttpResponse:
    """One key: the lines to paste, its settings and rules, and which kind a page or event is by them."""
    row = get_object_or_404(WriteKey.objects.select_related("source", "campaign"), pk=key_id)
    policy = rule(timezone.now()).policy
    posted = request.POST if request.method == "POST" else None
    form, rules = SettingsForm(posted, initial=_said(row)), rules_form(policy, row.rules, posted)
    if posted is not None and form.is_valid() and rules.is_valid():
        try:
            change_key(row.pk, rules=said_rules(rules), **form.cleaned_data)
        except AssayError as error:
            refused(request, error)
        else:
            messages.success(request, _("Kept. It holds within seconds, for events that come from now on."))
            return redirect("key", row.pk)
    part = request.headers.get("HX-Target") == "tried"
    context = {
        "key": row,
        "form": form,
        "rules": rules,
        "tried": tried(row, policy, request.GET),
        "snippet": snippet(_host(request), row.key),
        "curl": _curl(_host(request), row.key),
        "sources": Source.objects.order_by("name").values_list("name", flat=True),
    }
    response = render(
        request, "intake/tried.html" if part else "intake/key.html", context, status=200 if posted is None else 422
    )
    response["Vary"] = "HX-Target"
    return response


def _said(row: WriteKey) -> dict[str, Any]:
    return {
        "name": row.name,
        "source": row.source.name,
        "campaign": row.campaign.name if row.campaign else "",
        "source_of_visit": row.source_of_visit,
        "origins": "\n".join(row.origins),
        "rate": row.rate,
    }


@needs(Right.CONNECT)
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Take no more events with it."""
    try:
        revoke_key(key_id, timezone.now())
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("Revoked. Nothing comes in with it any more; what came in stays."))
    return redirect("keys")


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody wants to know the kind of, the kind it is, and whether the policy gives points for that."""

    text: str
    is_page: bool
    kind: str = ""
    name: str = ""
    counts: bool = False


def tried(row: WriteKey, policy: Policy, query: Mapping[str, str]) -> Tried:
    """Which kind the key's rules give a page's path, or an event's name where it begins with no slash."""
    text = query.get("try", "").strip()[:500]
    is_page = text.startswith("/")
    if not text:
        return Tried(text, is_page)
    rules = ready(row)
    kind = (rules.kind_of_page(text) or PAGE_VIEW) if is_page else (rules.events.get(text.casefold()) or kind_of(text))
    return Tried(text, is_page, kind, words.signal(policy, kind), kind in policy.intent.signals)


def _host(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _curl(host: str, text: str) -> str:
    """An event sent from a shell, as any server would send it."""
    event = '{"userId": "anna-1", "event": "Demo Requested"}'
    return f"curl {host}/v1/track --user {text}: \\\n  --json '{event}'"
