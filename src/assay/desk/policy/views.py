"""The rule in plain words, its versions, what differs between them, and what outcomes say of each line."""

from datetime import timedelta
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.policy.backtest import kept, result_of
from assay.desk.policy.forms import PublishForm
from assay.desk.policy.predicted import picture_of
from assay.desk.policy.versions import version_rows, versions
from assay.desk.telling import told
from assay.domain.chances import verdict
from assay.domain.evidence import Evidence, Line
from assay.domain.moved import told as moved_words
from assay.domain.plain import plain
from assay.domain.policy import Policy
from assay.domain.policy_changes import differences
from assay.records.evidence import Promoted, evidence_for
from assay.records.learned import newest
from assay.records.models import PolicyComment, PolicyVersion

SHOWN = 50
"""Versions that are listed, the newest."""

YEAR = timedelta(days=365)


class Row(NamedTuple):
    """A line of the evidence, with the most frequent reason for which leads with it were returned."""

    line: Line
    returned: str
    times: int


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


@needs(Right.SEE)
def policy(request: HttpRequest) -> HttpResponse:
    """The rule in force in plain words, beside what is on its way and what was."""
    current = rule(timezone.now())
    listed = versions(list(version_rows()[:SHOWN]), current.version, acting(request))
    context = {
        "plain": plain(current.policy),
        "current": next((one for one in listed if one.row.pk == current.version), None),
        "number": current.version,
        "name": current.policy.name,
        "coming": [one for one in listed if one.is_open],
        "past": [one for one in listed if not one.is_open],
        "works": Right.WORK in rights_of(request),
        "learned": (learned := newest()),
        "predicts": told(verdict(learned.report)) if learned else "",
        "picture": picture_of(request, learned) if learned else None,
    }
    return render(request, "policy/policy.html", context)


@needs(Right.SEE)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what differs from the rule in force or another one, its keys, and what was said about it."""
    current = rule(timezone.now())
    row = get_object_or_404(version_rows(), pk=number)
    [shown] = versions([row], current.version, acting(request))
    against = _against(row, request.GET.get("against", ""), current.version)
    row_of_backtest = kept(number)
    result = result_of(row_of_backtest)
    # Who crosses was found against the rule that was in force then; against another one it would be others.
    moved = result.moved if result and against and result.moved.against == against.pk else None
    context = {
        "version": shown,
        "plain": plain(row.policy),
        "backtest": row_of_backtest,
        "result": result,
        "moved": moved,
        "moved_words": moved_words(moved) if moved else "",
        "named": result.named() if result and moved else [],
        "against": against,
        "differences": differences(against.policy, row.policy) if against else [],
        "others": PolicyVersion.objects.exclude(pk=number).order_by("-pk").only("pk", "name")[:SHOWN],
        "comments": PolicyComment.objects.filter(policy=row).select_related("by").order_by("at", "pk"),
        "form": PublishForm(),
        "works": Right.WORK in rights_of(request),
        "in_force": current.version,
    }
    return render(request, "policy/version.html", context)


def _against(row: PolicyVersion, asked: str, in_force: int) -> PolicyVersion | None:
    """What a version is compared with: what was asked for, else the rule in force, for that the one before it."""
    rows = PolicyVersion.objects.exclude(pk=row.pk)
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return rows.filter(pk=int(asked)).first()
    if row.published_at is None:
        return rows.filter(pk=in_force).first()
    before = rows.filter(published_at__lte=row.published_at).exclude(published_at=row.published_at, pk__gt=row.pk)
    return before.order_by("-published_at", "-pk").first()


@needs(Right.SEE)
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The file of a version as it was written."""
    row = PolicyVersion.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="policy-{number}.toml"'}
    return HttpResponse(row.text, content_type="text/plain; charset=utf-8", headers=headers)


@needs(Right.SEE)
def evidence(request: Request) -> HttpResponse:
    """What a year of promotions says of each line of the rule; htmx asks for the table alone."""
    now = timezone.now()
    current = rule(now)
    found = evidence_for(current.policy, Promoted(now, now - YEAR))
    part = bool(request.htmx)
    response = render(
        request,
        "policy/evidence_table.html" if part else "policy/evidence.html",
        {
            "evidence": found,
            "axes": [
                (_("Fit"), _rows(found, "fit", current.policy)),
                (_("Intent"), _rows(found, "intent", current.policy)),
            ],
            "number": current.version,
            "days": YEAR.days,
            "aside": part,
        },
    )
    response["Vary"] = "HX-Request"
    return response


def _rows(found: Evidence, axis: str, policy: Policy) -> list[Row]:
    rows = []
    for line in found.lines:
        if line.axis == axis:
            most = line.reasons[0] if line.reasons and line.reasons[0].having else None
            said = (words.reason(policy, "reject", most.code), most.having) if most else ("", 0)
            rows.append(Row(line, *said))
    return rows
