"""What every request of a program meets before and after its operation: no cookies, no pages, headers on answers."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from assay.api.problems import Rejected, answer

PREFIX = "/api/v1/"
TOKEN = "token"  # nosec B105 - the name of a right
"""The right that the API's routes declare: each of them asks for a token with a scope."""

View = Callable[..., HttpResponseBase]


class NoCookies:
    """Takes cookies off what is sent to the API before anything else could read them: a session is no token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            request.META.pop("HTTP_COOKIE", None)
        return self._respond(request)


def guarded(view: View) -> View:
    """An operation's view whose answers are the API's own, whatever becomes of them."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = _not_this_way(response.headers["Allow"])
        if allowed := getattr(request, "allowed", None):
            for name, value in allowed.headers().items():
                response.headers[name] = value
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization"])
        return response

    declared = csrf_exempt(answered)
    declared.right = TOKEN  # type: ignore[attr-defined]
    return declared


def _not_this_way(allowed: str) -> HttpResponse:
    return answer(
        Rejected(405, "bad_method", "This address does not take that.", f"Use {allowed}.", {"Allow": allowed})
    )


@guarded
def nothing(request: HttpRequest, *args: object) -> HttpResponse:
    """An address that is none."""
    return answer(Rejected(404, "unknown_address", "There is nothing at this address.", "See /api/docs"))
