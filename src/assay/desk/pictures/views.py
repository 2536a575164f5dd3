"""Draws what a page's picture shows."""

from functools import lru_cache

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from assay.desk.access import Right, needs
from assay.desk.pictures.kinds import read
from assay.desk.pictures.showing import SIGNER
from assay.pictures import MIDDLE, NARROW, THEMES

YEAR = 365 * 24 * 3600
KEPT = 128
"""Pictures a process keeps, of some 30 kB each."""


@needs(Right.SEE)
def picture(request: HttpRequest, signed: str, theme: str, width: int) -> HttpResponse:
    """The picture that an address of ours says, for a browser to keep: another picture has another address."""
    if theme not in THEMES or width not in (NARROW, MIDDLE):
        raise Http404
    try:
        response = HttpResponse(_drawn(signed, theme, width), content_type="image/svg+xml")
    except BadSignature:
        raise Http404 from None
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response


@lru_cache(maxsize=KEPT)
def _drawn(signed: str, theme: str, width: int) -> bytes:
    kind, language, plain = SIGNER.unsign_object(signed)
    with translation.override(language):
        return read(kind, plain).render("svg", THEMES[theme], width)
