"""The list of the inbox: which leads a reader asked for, what brought each there, and what is left of its clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Self

from django.db.models import QuerySet
from django.http import QueryDict

from assay.desk import words
from assay.desk.inbox.item import Row
from assay.desk.paging import Page
from assay.domain.policy import Policy
from assay.records import gate
from assay.records.clocks import gate_clock
from assay.records.leads import Temperature
from assay.records.models import Lead, Source
from assay.records.offers import offers_of
from assay.records.waiting import at_the_gate

SIZE = 25
"""Leads on a page: as many as one decides at a sitting."""

MOST = 100
"""The counter stops here: counting everything would cost more than anybody wants to know."""


SHOWN = (
    *("person__name", "person__email", "person__phone", "person__title", "company__name", "company__domain"),
    *("source__name", "rung", "temperature", "grid", "fit", "intent", "total", "mql", "explored"),
)
"""What the list shows of a lead; loading all of it takes longer than everything else about the list."""


class Filters(NamedTuple):
    """What of the gate a reader wants to see; "" and None are all."""

    temperature: str = ""
    source: int | None = None

    @classmethod
    def asked(cls, query: QueryDict) -> Self:
        """The filters in an address; what makes no sense is left out."""
        temperature, source = query.get("temperature", ""), query.get("source", "")
        return cls(
            temperature if temperature in list(Temperature) else "",
            int(source) if source.isascii() and source.isdigit() and len(source) < 10 else None,
        )

    def leads(self) -> QuerySet[Lead]:
        """The leads that wait for a decision, best first."""
        leads = at_the_gate().select_related("person", "company", "source").only(*SHOWN)
        if self.temperature:
            leads = leads.filter(temperature=self.temperature)
        return leads.filter(source=self.source) if self.source is not None else leads


def rows(leads: Sequence[Lead], policy: Policy, now: datetime) -> list[Row]:
    """Leads with the time they wait, and to whom they are offered."""
    came = gate.promotions(lead.pk for lead in leads)
    offers = offers_of([lead.pk for lead in leads], now)
    return [
        Row(
            lead,
            promoted := came.get(lead.pk),
            gate_clock(lead, promoted.at, policy, now) if promoted else None,
            offers.get(lead.pk),
        )
        for lead in leads
    ]


def count(leads: QuerySet[Lead], shown: Page[Lead]) -> str:
    """How many there are, up to a hundred: "18", "100+". Where one page shows all, nothing is asked again."""
    if not (shown.before or shown.after):
        return str(len(shown.rows))
    found = leads.select_related(None).only("pk").order_by()[: MOST + 1].count()
    return f"{MOST}+" if found > MOST else str(found)


class Choice(NamedTuple):
    """A filter as a link."""

    text: object
    query: str
    current: bool


def temperatures(query: QueryDict, filters: Filters) -> list[Choice]:
    """The temperatures to choose from, all of them first."""
    return [
        _choice(query, "temperature", value, words.TEMPERATURES.get(value, ""), filters.temperature == value)
        for value in ("", *(str(value) for value in Temperature))
    ]


def sources(query: QueryDict, filters: Filters) -> list[Choice]:
    """The sources to choose from, all of them first."""
    named = [("", None), *((source.name, source.pk) for source in Source.objects.order_by("name")[:MOST])]
    return [_choice(query, "source", pk or "", name, filters.source == pk) for name, pk in named]


def _choice(query: QueryDict, name: str, value: object, text: object, current: bool) -> Choice:
    """A link that changes one filter, keeps the other and starts at the first page."""
    wanted = query.copy()
    for gone in ("before", "after", name):
        wanted.pop(gone, None)
    if value:
        wanted[name] = str(value)
    return Choice(text, wanted.urlencode(), current)
