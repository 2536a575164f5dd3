"""How the sign-in library's pages say things as the other pages do."""

import re

from django import template
from django.forms import BoundField
from django.utils import translation
from django.utils.translation import gettext as _

register = template.Library()

MAC = "Mac OS X"


@register.filter
def sentence_case(text: str) -> str:
    """An English title with capitals at its start only: "Change Password" as "Change password".

    Abbreviations and names such as WebAuthn keep theirs, and other languages know no capitals for titles.
    """
    said = str(text).strip()
    if not (translation.get_language() or "en").startswith("en"):
        return said
    return said[:1] + re.sub(r"\b[A-Z](?=[a-z]+\b)", lambda found: found[0].lower(), said[1:])


@register.filter
def labelled(field: BoundField) -> BoundField:
    """A field of the library with its label written like ours, and without saying it a second time inside."""
    field.label = sentence_case(str(field.label))
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def device(user_agent: str) -> str:
    """A browser and where it runs: "Chrome on Linux"; what nobody knows stays as it is."""
    from ua_parser import parse  # here, because its patterns load slowly and no other page reads them

    found = parse(user_agent)
    browser = found.user_agent.family.replace("Mobile", "").strip() if found.user_agent else ""
    system = found.os.family.replace(MAC, "macOS") if found.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent or _("unknown")
