"""My work: what to do next, and logging in one click that it was done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import work as verbs
from assay.actions.policies import rule
from assay.desk import words
from assay.desk.access import Right, acting, needs, signed_in
from assay.desk.notices import refused
from assay.desk.sellers import Sellers, sellers
from assay.desk.telling import told
from assay.desk.work.forms import TouchForm
from assay.desk.work.job import jobs
from assay.desk.work.queue import queue
from assay.domain.clock import time_left_text
from assay.domain.errors import AssayError
from assay.domain.escalation import NAMES
from assay.records.clocks import clocks_of
from assay.records.models import Lead, Pass, Touch
from assay.records.offers import to_take_over


@needs(Right.SELL)
def work(request: HttpRequest) -> HttpResponse:
    """The accepted leads of whoever asks; a manager may ask for anybody's."""
    now, team = timezone.now(), _team(request)
    todo = queue(team.owner, rule(now).policy, now)
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    state, touches = request.GET.urlencode(), _touches()
    groups = [
        (group, jobs(group.rows, state=state, token=token, touches=touches, own=team.own)) for group in todo.groups
    ]
    offered = to_take_over(signed_in(request).pk, now) if team.own else []
    context = {"queue": todo, "groups": groups, "team": team, "now": now, "offered": offered}
    part = request.headers.get("HX-Target") == "work" and "HX-History-Restore-Request" not in request.headers
    response = render(request, "work/list.html" if part else "work/work.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return response


@needs(Right.SELL)
@require_POST
def touch(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Log a call, an email or a meeting, and whether it reached them."""
    form = TouchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what it was and whether you reached them."))
    else:
        kind, reached = form.cleaned_data["kind"], form.cleaned_data["reached"] == "yes"
        try:
            done = verbs.log_touch(lead_id, acting(request), timezone.now(), kind=kind, reached=reached)
        except AssayError as error:
            refused(request, error)
        else:
            _tell(request, done)
    if request.headers.get("HX-Target") == "work":
        return work(request)  # type: ignore[return-value]
    return redirect(reverse("work") + (f"?{request.GET.urlencode()}" if request.GET else ""))


def _touches() -> SafeString:
    """What can be logged, written once for the select of every row."""
    loggable = ((kind, text) for kind, text in words.TOUCHES.items() if kind != "other")
    return format_html_join("", '<option value="{}">{}</option>', loggable)


def _team(request: HttpRequest) -> Sellers:
    user, by = signed_in(request), acting(request)
    return sellers(request.GET, user, default=user.pk, may_switch=by.manages)


def _tell(request: HttpRequest, touch: Touch) -> None:
    """What was logged, and if it was the first response whether that came in time."""
    lead = get_object_or_404(Lead.objects.select_related("person"), pk=touch.lead_id)
    said = {"kind": words.TOUCHES[touch.kind], "who": lead.person}
    reached, missed = _("%(kind)s with %(who)s logged: reached."), _("%(kind)s to %(who)s logged: not reached.")
    text = (reached if touch.reached else missed) % said
    current = Pass.objects.get(lead=lead, number=lead.pass_no)
    if current.first_touch_at == touch.at:
        clocks = clocks_of(lead, current, None, None, rule(touch.at).policy, touch.at)
        text += "".join(
            f" {told(NAMES[one.kind]).capitalize()}: {told(time_left_text(one))}." for one in clocks.stopped
        )
    messages.success(request, text)
