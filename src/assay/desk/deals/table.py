"""The table of deals: open, won or lost, in any order."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assay.records import deals
from assay.records.models import Deal

STATES: dict[str, str | Promise] = {
    "open": pgettext_lazy("deals", "Open"),
    "won": pgettext_lazy("deals", "Won"),
    "lost": pgettext_lazy("deals", "Lost"),
}
COLUMNS: dict[str, str | Promise] = {
    "company_name": _("Company"),
    "who": _("Who"),
    "worth": _("Value"),
    "ends": _("Close date"),
    "seller": _("Owner"),
}


class Choice(NamedTuple):
    """A state or an order as a link."""

    name: str
    text: str | Promise
    query: str
    current: bool
    sort: str


class Asked(NamedTuple):
    """Which deals a reader wants, and in which order: a column, with a minus for descending."""

    state: str
    order: str

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """What an address asks for; what makes no sense is left out."""
        state = query.get("state", "")
        state = state if state in STATES else "open"
        order = query.get("sort", "")
        return cls(state, order if order.removeprefix("-") in COLUMNS else "ends" if state == "open" else "-ends")

    @property
    def fields(self) -> tuple[str, str]:
        """The order, made unique."""
        return self.order, "-pk" if self.order.startswith("-") else "pk"

    def deals(self, owner: int | None) -> QuerySet[Deal]:
        """The deals themselves, each with what it can be ordered by."""
        outcome = "" if self.state == "open" else self.state
        return (
            deals.deals(owner)
            .filter(outcome=outcome)
            .annotate(
                company_name=Coalesce("company__name", Value("")),
                who=F("lead__person__name"),
                worth=F("actual_value" if outcome == "won" else "value"),
                ends=F("closed_on" if outcome else "close_date"),
                seller=F("lead__owner__first_name"),
            )
        )


def orders(query: QueryDict, asked: Asked) -> Sequence[Choice]:
    """The columns as links: the one in use turns round."""
    used, down = asked.order.removeprefix("-"), asked.order.startswith("-")
    return [
        Choice(
            name,
            text,
            _with(query, sort=name if name != used or down else f"-{name}"),
            name == used,
            ("descending" if down else "ascending") if name == used else "",
        )
        for name, text in COLUMNS.items()
    ]


def states(query: QueryDict, asked: Asked) -> Sequence[Choice]:
    """The states as links."""
    return [
        Choice(name, text, _with(query, state=name, sort=""), name == asked.state, "") for name, text in STATES.items()
    ]


def _with(query: QueryDict, **said: str) -> str:
    wanted = query.copy()
    for gone in ("before", "after"):
        wanted.pop(gone, None)
    for name, value in said.items():
        wanted[name] = value
        if not value:
            del wanted[name]
    return wanted.urlencode()
