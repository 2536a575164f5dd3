"""Shows times in the reader's own zone and pages in the reader's own language."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class ReaderMiddleware:
    """Activates the zone and language a signed-in person has chosen, else UTC and the browser's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if request.user.timezone in _zones():
                timezone.activate(ZoneInfo(request.user.timezone))
            if request.user.language:
                translation.activate(request.user.language)
        try:
            return self._respond(request)
        finally:
            timezone.deactivate()


@cache
def _zones() -> set[str]:
    """The zones there are; Python looks through their files each time it is asked."""
    return available_timezones()
