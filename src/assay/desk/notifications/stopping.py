"""The links in mails that stop them: they hold without a sign-in, and nothing happens by looking at one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assay.actions import preferring
from assay.actions.preferring import DIGEST, subscription
from assay.desk.access import Right, needs
from assay.desk.telling import told, told_error
from assay.domain.errors import NotFound
from assay.domain.notifications import KINDS, Kind


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is what entitles them
@needs(Right.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask which mails to stop, and stop them: one kind, or all with ``everything``."""
    everything = "everything" in request.POST
    try:
        if request.method == "POST":
            stopped = preferring.unsubscribe(token, everything=everything)
        else:
            stopped = subscription(token)
    except NotFound as error:
        return render(request, "notifications/unsubscribe.html", {"problem": told_error(error)}, status=404)
    context = {
        "title": "" if stopped.what == DIGEST else told(KINDS[Kind(stopped.what)].title),
        "email": stopped.user.email,
        "everything": everything,
        "done": request.method == "POST",
    }
    return render(request, "notifications/unsubscribe.html", context)
