"""The least a page can do on the same server: what every page's time is held against."""

import os

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.hello_settings")


def hello(request: HttpRequest) -> HttpResponse:
    """Says hello, signed in or not."""
    return HttpResponse(f"hello {request.user}")


urlpatterns = [path("<path:anything>", lambda request, anything: hello(request)), path("", hello)]
application = get_wsgi_application()
