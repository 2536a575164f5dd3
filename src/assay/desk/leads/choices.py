"""What the filters of the lead list offer to choose from."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from assay.desk import words
from assay.domain.ladder import GATE, OPEN_SALES, Desk, Rung
from assay.domain.roles import DESKS, Role
from assay.records.leads import Temperature
from assay.records.models import Campaign, Source, User

Choices = Sequence[tuple[str, object]]
"""Values with their texts, or the name of a group with such pairs."""

MOST = 300
"""Longer lists are of no use to choose from; the search finds what is not in them."""

RUNG_GROUPS: Mapping[str, frozenset[Rung]] = {"gate": GATE, "sales": OPEN_SALES}
"""Rungs that people ask for together."""


def temperatures() -> Choices:
    """Hot, warm and cold."""
    return [("", _("Any temperature")), *((str(name), words.TEMPERATURES[name]) for name in Temperature)]


def rungs() -> Choices:
    """Groups of rungs, then each."""
    groups = [("gate", _("At the gate")), ("sales", _("With sales"))]
    return [("", _("Any rung")), *groups, *((str(rung), words.RUNGS[rung]) for rung in Rung)]


def grids() -> Choices:
    """Bands of fit, then each cell of the grid."""
    bands = [(band, _("Fit %(band)s, any intent") % {"band": band}) for band in "ABCD"]
    cells = [(f"{band}{number}", f"{band}{number}") for band in "ABCD" for number in "1234"]
    return [("", _("Any fit")), (_("Fit band"), bands), (_("Fit and intent"), cells)]


def coverages() -> Choices:
    """Whether enough is known to judge the fit."""
    return [("", _("Any")), ("missing", _("Insufficient data")), ("enough", _("Enough is known"))]


def orders() -> Choices:
    """The best, the newest or the most interested first, or last."""
    return [
        ("total", _("Highest total first")),
        ("captured", _("Newest first")),
        ("intent", _("Most intent first")),
        ("-total", _("Lowest total first")),
        ("-captured", _("Oldest first")),
        ("-intent", _("Least intent first")),
    ]


def sources() -> Choices:
    """Where leads came from, by name."""
    rows = Source.objects.order_by("name").values_list("pk", "name")[:MOST]
    return [("", _("Any source")), *((str(pk), name) for pk, name in rows)]


def campaigns() -> Choices:
    """The newest campaigns, by source."""
    newest = Campaign.objects.order_by("-pk").values_list("source__name", "name", "pk")[:MOST]
    groups: dict[str, list[tuple[str, str]]] = {}
    for source, name, pk in sorted(newest):
        groups.setdefault(source, []).append((str(pk), name))
    return [("", _("Any campaign")), *groups.items()]


def owners() -> Choices:
    """Nobody, then the people of sales by name."""
    people = [(str(user.pk), user.name) for user in sellers()]
    return [("", _("Anybody's")), ("none", _("Nobody's")), *people]


def sellers() -> list[User]:
    """Those who can own a lead, by name."""
    roles = [role for role, desks in DESKS.items() if Desk.SALES in desks and role is not Role.OPERATOR]
    return list(User.objects.filter(role__in=roles, is_active=True).order_by("first_name", "email")[:MOST])
