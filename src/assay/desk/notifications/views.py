"""What somebody was told, newest first, and the bell that counts what is unread."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from assay.actions.preferring import mark_read
from assay.desk.access import Right, needs, signed_in
from assay.desk.paging import page
from assay.desk.telling import told
from assay.domain.notifications import KINDS, Kind
from assay.records.models import Notification

MOST = 99
"""The bell counts no further."""


class Request(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class Row(NamedTuple):
    """A notification with its words."""

    notification: Notification
    kind: str
    sentence: str


@needs(Right.SEE)
def notifications(request: Request) -> HttpResponse:
    """The page; htmx asks for its list alone, again and again."""
    mine = Notification.objects.filter(user=signed_in(request)).select_related("lead__person")
    shown = page(request, mine, ("-pk",))
    rows = [Row(one, told(KINDS[Kind(one.kind)].title), told(one.sentence)) for one in shown.rows]
    context = {"page": shown, "rows": rows, "unread": _unread(request), "newest": not request.GET}
    part = request.htmx.target == "told" and not request.htmx.history_restore_request
    response = render(request, f"notifications/{'list' if part else 'notifications'}.html", context)
    response["Vary"] = "HX-Request, HX-Target"
    return response


@needs(Right.SEE)
def count(request: HttpRequest) -> HttpResponse:
    """What the bell shows, asked for by every page; nothing where that has not changed."""
    unread = _unread(request)
    if request.GET.get("shown") == str(unread):
        return HttpResponse(status=204)
    return render(request, "notifications/count.html", {"unread": unread, "most": MOST})


@needs(Right.SEE)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All of it was read."""
    mark_read(signed_in(request), timezone.now())
    return redirect("notifications")


@needs(Right.SEE)
def notification(request: HttpRequest, number: int) -> HttpResponse:
    """To the page on which one sees to it; who follows the link, here or in a mail, has read it.

    Whose it is not, or whose is gone by now, sees what else there is.
    """
    user = signed_in(request)
    found = Notification.objects.filter(user=user, pk=number).first()
    if found is None:
        return redirect("notifications")
    mark_read(user, timezone.now(), number)
    page, about = found.place
    return redirect(page, about) if about else redirect(page)


def _unread(request: HttpRequest) -> int:
    """How many are unread, one more than the bell counts at most."""
    return Notification.objects.filter(user=signed_in(request), read_at=None)[: MOST + 1].count()
