"""How a form gets onto a website: by a script, by a frame, or by a link."""

from typing import NamedTuple

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

from assay.records.models import Form


class Embedding(NamedTuple):
    """What to paste, by the way it works."""

    script: str
    frame: str
    link: str


def embedding(request: HttpRequest, form: Form) -> Embedding:
    """The code for this form, with the address under which the desk is open now."""
    whole = request.build_absolute_uri
    script = '<script src="{}" data-form="{}" data-title="{}" async></script>'
    frame = '<iframe src="{}" title="{}" width="100%" height="600" style="border:0"></iframe>'
    return Embedding(
        format_html(script, whole(static("forms/embed.js")), form.slug, form.name),
        format_html(frame, whole(reverse("form-framed", args=[form.slug])), form.name),
        whole(reverse("form-hosted", args=[form.slug])),
    )
