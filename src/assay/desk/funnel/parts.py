"""The further figures of the page. Each is read when somebody scrolls to it or asks for it: none waits for another."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assay.desk.funnel import achieved, cohorts, durations, outlook, segmented
from assay.desk.funnel.filters import FunnelFilters
from assay.desk.words import Text
from assay.domain.policy import Policy

SHOW, ALL = "show", "all"


class Part(NamedTuple):
    """A further figure: its template, its heading, what there is to read, and how it is read."""

    template: str
    title: Text
    about: Text
    read: Callable[[FunnelFilters, Policy, QueryDict], object]


PARTS: Mapping[str, Part] = {
    "times": Part(
        "funnel/times.html",
        _("Time in each rung"),
        _("How long leads stay, those that still wait included."),
        lambda filters, policy, _query: durations.read(filters, policy),
    ),
    "forecast": Part(
        "funnel/forecast.html",
        _("Forecast of the open pipeline"),
        _("What the leads and deals that are open now will probably bring."),
        lambda filters, policy, _query: outlook.read(filters, policy),
    ),
    "results": Part(
        "funnel/achieved.html",
        _("Results against the period before"),
        _("What got better, what got worse, and what could be chance."),
        lambda filters, policy, _query: achieved.read(filters, policy),
    ),
    "months": Part(
        "funnel/months.html",
        _("By month of capture"),
        _("What share of each month's leads went on, followed to today."),
        lambda filters, policy, _query: cohorts.read(filters, policy),
    ),
    "by": Part("funnel/by.html", _("Side by side"), _("One funnel for each part of the leads."), segmented.read),
}
"""In the order of the page."""


def wanted(query: QueryDict) -> list[str]:
    """The parts an address asks for by name."""
    asked = query.getlist(SHOW)
    return [name for name in PARTS if name in asked or ALL in asked]
