"""What makes a page public: it gets no cookie and no credentials, sets none, and says who may frame it."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

PREFIX = "/f/"
LARGEST = 64 * 1024
"""Bytes of a form that is handed in."""

View = Callable[..., HttpResponse]


class NoCredentials:
    """Takes cookies and authorization off what is sent to the public pages, before anything else could read them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            for name in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
                request.META.pop(name, None)
        return self._respond(request)


def public(view: View) -> View:
    """Declare that a page is for anybody. Without a session there is none to forge a request in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return _not_a_form(request) or view(request, *args, **kwargs)

    declared = never_cache(csrf_exempt(guarded))
    declared.right = "public"  # type: ignore[attr-defined]  # what desk.access asks of every route
    return declared


def _not_a_form(request: HttpRequest) -> HttpResponse | None:
    """Refuse what is no filled-in form before a byte of it is read: nobody leaves files with us here."""
    if request.method != "POST":
        return None
    if request.content_type != "application/x-www-form-urlencoded":
        return HttpResponse(status=415)
    length = request.META.get("CONTENT_LENGTH") or "0"
    return None if length.isdecimal() and int(length) <= LARGEST else HttpResponse(status=413)


def shielded(response: HttpResponse, *, framed: bool, leads_to: str = "") -> HttpResponse:
    """The page with its policy: nothing but our own style and script; a form may be framed by any website.

    ``leads_to`` is the address to go on to after the form: Chromium holds that against form-action, too.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": f"'self' {_origin(leads_to)}".strip(),
        # There is nothing here that a page around it could trick somebody into: no session, no secret.
        "frame-ancestors": "*" if framed else "'none'",
    }
    response["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
    response.xframe_options_exempt = framed
    return response


def go_on(address: str) -> HttpResponse:
    """Send the browser to where the form leads, with a GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if address else ""
