"""The least a page can do on the same server: what every page's time is held against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from assay.desk.access import Right, needs


def hello(request: HttpRequest) -> HttpResponse:
    """Says hello, signed in or not."""
    return HttpResponse(f"hello {request.user}")


public = needs(Right.PUBLIC)(hello)
urlpatterns = [
    path("account/", include("allauth.urls")),
    path("<path:anything>", needs(Right.PUBLIC)(lambda request, anything: hello(request))),
    path("", public),
]
