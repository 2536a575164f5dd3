"""The pages in the side bar, for whoever asks."""

from functools import cache
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assay.desk.access import Right, rights_of


class Page(NamedTuple):
    """A page of the side bar: its route, its text, the right it needs, and the heading it starts."""

    route: str
    text: str | Promise
    right: Right = Right.SEE
    title: str | Promise = ""


CURRENT = SafeString(' aria-current="page"')

PAGES = (
    Page("inbox", _("Inbox")),
    Page("work", _("My work"), Right.SELL),
    Page("deals", _("Deals")),
    Page("leads", _("Leads"), title=_("Everyone")),
    Page("companies", _("Companies")),
    Page("funnel", _("Funnel"), title=_("Both teams")),
    Page("policy", _("Policy")),
    Page("audit", _("Audit")),
    Page("returned", _("Returned"), title=_("Marketing")),
    Page("sources", _("Sources")),
    Page("forms", _("Forms"), Right.MARKET),
    Page("imports", _("Imports"), Right.MARKET),
    Page("intake", _("Intake"), Right.CONNECT),
    Page("routing", _("Routing"), Right.ROUTE, title=_("Sales team")),
    Page("settings", _("Settings"), Right.ADMINISTER, title=_("Admin")),
)


def links(request: HttpRequest) -> SafeString:
    """Links to the pages this person may open, the present one marked."""
    current = next((page.route for page in PAGES if request.path.startswith(reverse(page.route))), "")
    return _links(rights_of(request), current, get_language())


@cache
def _links(rights: frozenset[Right], current: str, language: str | None) -> SafeString:
    """As many as there are roles, pages and languages; each page would spend a twentieth of its time on it."""
    return format_html_join(
        "\n",
        '{}<a href="{}"{}>{}</a>',
        (
            (
                format_html('<span class="nav-title">{}</span>', page.title) if page.title else "",
                reverse(page.route),
                CURRENT if page.route == current else "",
                page.text,
            )
            for page in PAGES
            if page.right in rights
        ),
    )
