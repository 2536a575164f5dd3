"""The pages in the side bar, for whoever asks."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assay.desk.access import Right, rights_of


class Page(NamedTuple):
    """A page of the side bar: its route, its text, the right it needs, and the heading it starts."""

    route: str
    text: str | Promise
    right: Right = Right.SEE
    title: str | Promise = ""


class Item(NamedTuple):
    """A page as one person sees it."""

    href: str
    text: str | Promise
    title: str | Promise
    current: bool


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


def items(request: HttpRequest) -> list[Item]:
    """The pages this person may open, the present one marked."""
    rights = rights_of(request)
    here = request.path
    return [
        Item(href := reverse(page.route), page.text, page.title, here.startswith(href))
        for page in PAGES
        if page.right in rights
    ]
