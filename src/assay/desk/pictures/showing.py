"""A picture on a page: the addresses a browser takes it from, and its words."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from django.core.signing import Signer
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from assay.desk.pictures.kinds import kind_of, picture_of
from assay.pictures import MIDDLE, NARROW, THEMES

SIGNER = Signer(salt="assay.desk.pictures")
"""Nobody but us makes an address, so nobody but us says what stands in a picture. Not dated: the same picture keeps
its address, and browsers keep the picture."""
PHONE, IN_THE_DARK = "(max-width: 48rem)", "screen and (prefers-color-scheme: dark)"


class Shown(NamedTuple):
    """A picture as a page takes it up: where it is, where else for which screen, and its words."""

    address: str
    others: Sequence[tuple[str, str]]
    words: str


def shown(request: HttpRequest, said: tuple[object, ...]) -> Shown:
    """A picture in the reader's language and theme; it is drawn when the browser asks for it."""
    language = get_language() or "en"
    signed = SIGNER.sign_object([kind_of(said), language, msgspec.to_builtins(said)], compress=True)
    chosen = request.COOKIES.get("theme", "")

    def at(theme: str, width: int) -> str:
        return reverse("picture", args=[signed, theme, width])

    if chosen in THEMES:
        others = [(PHONE, at(chosen, NARROW))]
    else:
        others = [
            (f"{PHONE} and (prefers-color-scheme: dark)", at("dark", NARROW)),
            (PHONE, at("light", NARROW)),
            (IN_THE_DARK, at("dark", MIDDLE)),
        ]
    return Shown(at(chosen if chosen in THEMES else "light", MIDDLE), others, picture_of(said).words)
