"""A picture: drawn when it is asked for, in one of three formats, and what it shows in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from assay.domain.phrase import Phrase
from assay.pictures.theme import LIGHT, WIDE, Theme

if TYPE_CHECKING:
    import altair as alt

    Layers: TypeAlias = alt.LayerChart | alt.FacetChart
    Chart: TypeAlias = Layers | alt.HConcatChart | alt.VConcatChart

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)
SHARP = 2
"""Pixels of a PNG for each of the picture's, so that it is sharp on any screen."""

Tell: TypeAlias = Callable[[str], str]
"""Says a phrase in the reader's language."""


def plain(text: str) -> str:
    """A phrase in English, its thousands apart: how pictures are told where nobody says otherwise."""
    if not isinstance(text, Phrase):
        return text
    return text.template.format(**{name: _plain(arg) for name, arg in text.args.items()}) if text.args else str(text)


def _plain(arg: object) -> str:
    return f"{arg:,}" if isinstance(arg, int | float) else plain(str(arg) if not isinstance(arg, str) else arg)


@dataclass(frozen=True, slots=True)
class Picture:
    """How it is drawn for a theme and a width, its name, and ``words``: what it shows for those who do not see it."""

    draw: Callable[[Theme, int], Chart]
    name: str
    words: str

    def render(self, format: Format = "svg", theme: Theme = LIGHT, width: int = WIDE) -> bytes:  # noqa: A002
        """The picture as a file of this format.

        The first one of a process takes half a second and 225 MB, each other some 30 ms. Nothing is ever fetched.
        """
        # Heavy, and only this needs them. Altair takes NumPy as it finds it, and fails where another thread is amid
        # loading it.
        import numpy  # noqa: F401
        import vl_convert

        spec = {**self.draw(theme, width).to_dict(), "config": theme.config()}
        if format == "svg":
            return self._named(str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))).encode()
        if format == "png":
            return bytes(vl_convert.vegalite_to_png(spec, scale=SHARP, allowed_base_urls=[]))
        return bytes(vl_convert.vegalite_to_pdf(spec, allowed_base_urls=[]))

    def _repr_svg_(self) -> str:
        """What a notebook shows, without asking another machine for a script."""
        return self.render().decode()

    def _named(self, svg: str) -> str:
        """With its name and its words, for whoever has the file read out."""
        start, rest = svg.split(">", 1)
        return f'{start} role="img"><title>{escape(self.name)}</title><desc>{escape(self.words)}</desc>{rest}'
