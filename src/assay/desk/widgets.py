"""Draws form fields in one go: Django's own renderer fills in two or three templates for each of them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
"""What a widget of Django says of itself."""


def _input(widget: Widget) -> SafeString:
    """A field of one line, a tick box, or one of several."""
    value = widget["value"]
    stated = "" if value is None else format_html(' value="{}"', value)
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], stated, _attributes(widget))


def _text(widget: Widget) -> SafeString:
    """A field of several lines; browsers leave out the first line break."""
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), widget["value"] or ""
    )


def _attributes(widget: Widget) -> SafeString:
    return flatatt(widget["attrs"])


PIECES: Mapping[str, Callable[[Widget], SafeString]] = {
    **{
        f"django/forms/widgets/{kind}.html": _input
        for kind in ("checkbox", "date", "datetime", "email", "hidden", "number", "password", "text", "time", "url")
    },
    **{f"django/forms/widgets/{kind}_option.html": _input for kind in ("checkbox", "radio")},
    "django/forms/widgets/textarea.html": _text,
}
"""By the template that would be filled in otherwise."""


class Renderer(DjangoTemplates):
    """Draws the common fields, and leaves the others, and whatever has its label inside, to Django."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        piece, widget = PIECES.get(template_name), context.get("widget", {})
        if piece is None or widget.get("wrap_label"):
            return super().render(template_name, context, request)
        return piece(widget)
