"""Every address that Django answers: the API's, and all else the desk's."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.defaults import server_error

from assay.api.door import PREFIX
from assay.api.problems import Rejected, answer

urlpatterns = [
    path("api/", include("assay.api.urls")),
    path("", include("assay.desk.urls")),
]


def handler500(request: HttpRequest) -> HttpResponse:
    """A page for people, a problem for programs."""
    if request.path_info.startswith(PREFIX):
        return answer(Rejected(500, "broken", "Something broke here; nothing was changed.", "Ask whoever runs Assay."))
    return server_error(request)
