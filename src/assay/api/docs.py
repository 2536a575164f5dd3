"""The specification for programs, and the page that explains it to people, which loads nothing from elsewhere."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.api.app import api
from assay.api.explained import headings, shapes
from assay.domain.tokens import MEANS
from assay.settings import current

ROOT = "/api/v1/"
PUBLIC = "public"


def public(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Declare that an address is for anybody: what the API can do is no secret, only what it tells is."""
    declared = require_safe(view)
    declared.right = PUBLIC  # type: ignore[attr-defined]
    return declared


@cache
def document() -> dict[str, Any]:
    """The specification as a plain dictionary. It is the same until the program ends."""
    return dict(api.get_openapi_schema(path_prefix=ROOT))


@public
def specification(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return JsonResponse(document())


@public
def page(request: HttpRequest) -> HttpResponse:
    """Every operation under its heading, and every shape."""
    context: dict[str, object] = {
        "headings": headings(document()),
        "shapes": shapes(document()),
        "scopes": MEANS.items(),
        "rate": current.api_rate,
        "root": request.build_absolute_uri(ROOT),
    }
    return render(request, "api/docs.html", context)
