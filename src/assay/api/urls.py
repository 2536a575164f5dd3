"""Addresses of the API, its specification, and the page that explains it."""

from django.urls import URLPattern, path, re_path

from assay.api import docs
from assay.api.app import api
from assay.api.door import guarded, nothing

operations = [
    URLPattern(entry.pattern, guarded(entry.callback), entry.default_args, entry.name)
    for entry in api.urls[0]
    if isinstance(entry, URLPattern) and entry.name != "api-root"
]

urlpatterns = [
    path("docs", docs.page, name="api-docs"),
    path("openapi.json", docs.specification, name="api-specification"),
    path("v1/", ([*operations, re_path("", nothing)], "ninja", "api")),
    re_path("", nothing),
]
