"""The leads that wait at the gate, best first, each with what whoever decides wants to see; always three queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from assay.domain.ladder import GATE
from assay.records.gate import promotions
from assay.records.models import Lead, SignalState
from assay.records.spelled import Spelled

INBOX_ORDER = ("-mql", "-total", "-intent", "pk")
"""The order of every list of leads, as the database can keep it."""


class Waiting(NamedTuple):
    """A lead at the gate, since when, and the kind and time of what they did last."""

    lead: Lead
    since: datetime
    last: SignalState | None


def at_the_gate() -> QuerySet[Lead]:
    """Every undecided lead, best first."""
    return Lead.objects.filter(rung__in=[Spelled(rung) for rung in sorted(GATE)]).order_by(*INBOX_ORDER)


def waiting(most: int | None = None) -> list[Waiting]:
    """The best of the leads that wait; all without a limit. Person, company, source and score are loaded."""
    related = ("person", "company", "source", "campaign", "score")
    return with_waits(list(at_the_gate().select_related(*related)[:most]))


def with_waits(leads: Sequence[Lead]) -> list[Waiting]:
    """These leads, which wait at the gate, since when, and what each did last. Two queries."""
    came, last = promotions(lead.pk for lead in leads), _last_signals(leads)
    return [Waiting(lead, came[lead.pk].at, last.get(lead.pk)) for lead in leads]


def _last_signals(leads: Sequence[Lead]) -> dict[int, SignalState]:
    """The state of the kind seen last, of those that the rule counts."""
    last: dict[int, SignalState] = {}
    for state in SignalState.objects.filter(lead__in=leads):
        if state.lead_id not in last or state.last > last[state.lead_id].last:
            last[state.lead_id] = state
    return last
