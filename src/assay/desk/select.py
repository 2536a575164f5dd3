"""A select whose options are written in one go: Django's own renders a template for each."""

from collections.abc import Iterable, Mapping

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

OPTION = '<option value="{}"{}>{}</option>'


class QuickSelect(forms.Select):
    """For long lists of choices on pages that have to be quick. One value can be chosen."""

    def render(
        self,
        name: str,
        value: object,
        attrs: Mapping[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        all_of_them = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(all_of_them), _options(self.choices, str(value or "")))


def _options(choices: Iterable[tuple[object, object]], chosen: str) -> SafeString:
    return format_html_join("", "{}", ((_option(value, text, chosen),) for value, text in choices))


def _option(value: object, text: object, chosen: str) -> SafeString:
    if isinstance(text, list | tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', value, _options(text, chosen))
    selected = SafeString(" selected") if str(value) == chosen else ""
    return format_html(OPTION, value, selected, text)
