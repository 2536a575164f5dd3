"""Hot leads that were owed a first response: since when, and when it came."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, DateTimeField, Exists, OuterRef, QuerySet, Subquery, When

from assay.domain.ladder import Rung
from assay.domain.policy import Policy
from assay.domain.response import Wait
from assay.records.audit import at_the_gate, began
from assay.records.funnel import Period
from assay.records.models import Decision, Pass

SETTLED = (Rung.LEAD, Rung.DISQUALIFIED)
"""Who decides that a lead goes back or out has decided that it is owed no response."""


class _Row(NamedTuple):
    """A pass, and when its lead asked for us first and last."""

    lead: int
    number: int
    lead_at: datetime
    mql_at: datetime
    sal_at: datetime | None
    first_touch_at: datetime | None
    opportunity_at: datetime | None
    settled_at: datetime | None
    first: float = 0.0
    last: float = 0.0


def waits(period: Period, policy: Policy, most: int | None = None) -> list[Wait]:
    """Who asked for us and came to the gate in the period, or was hot when accepted in it; and who still waits.

    The wait begins when they ask, at the gate at the earliest; where they never asked, when they are accepted. It ends
    with the first human touch, or with the decision that they are owed none. Newest first; with ``most`` about so many.
    """
    found: dict[tuple[int, int], Wait] = {}
    for row, start in (*_asked(period, policy, most), *_accepted_hot(period, most)):
        in_touch = row.first_touch_at is not None and row.first_touch_at < start
        key = row.lead, row.number
        if not in_touch and (key not in found or start < found[key].start):
            stop = row.first_touch_at or row.settled_at
            found[key] = Wait(row.lead, start, stop, row.opportunity_at is not None)
    return sorted(found.values(), key=lambda wait: (wait.start, wait.lead_id), reverse=True)


def _asked(period: Period, policy: Policy, most: int | None) -> Iterator[tuple[_Row, datetime]]:
    """Passes on which a hand was raised, and since when an answer was owed."""
    kinds = [kind for kind, signal in policy.intent.signals.items() if signal.hot and signal.hand_raise]
    hot = timedelta(days=policy.temperature.hot_days)
    # Two queries: of "came in the period, or still waits" the database would read every pass there is.
    for passes in (Pass.objects.filter(period.holds("mql_at")), at_the_gate().filter(began(period, "mql_at"))):
        asking = passes.filter(lead__states__kind__in=kinds)
        for row in _rows(asking.order_by("-mql_at")[:most], "lead__states__first", "lead__states__last"):
            asked = _asked_on(row)
            if asked and row.mql_at - asked <= hot:
                yield row, max(asked, row.mql_at)


def _asked_on(row: _Row) -> datetime | None:
    """When the lead asked first on this pass; None where that was on another one."""
    moments = (datetime.fromtimestamp(seconds, UTC) for seconds in (row.first, row.last))
    return next((at for at in moments if at >= row.lead_at), None)


def _accepted_hot(period: Period, most: int | None) -> Iterator[tuple[_Row, datetime]]:
    hot = Decision.objects.filter(
        lead=OuterRef("lead"), pass_no=OuterRef("number"), move="accept", score__temperature="hot"
    )
    accepted = Pass.objects.filter(Exists(hot), period.holds("sal_at")).order_by("-sal_at")
    for row in _rows(accepted[:most]):
        assert row.sal_at is not None, "it was accepted in the period"
        yield row, row.sal_at


def _rows(passes: QuerySet[Pass], *more: str) -> Iterator[_Row]:
    here = Decision.objects.filter(lead=OuterRef("lead"), pass_no=OuterRef("number"))
    ended = here.filter(at__gte=OuterRef("mql_at"), to_rung__in=SETTLED).exclude(move="capture")
    settled = Subquery(ended.order_by("pk").values("at")[:1], output_field=DateTimeField())
    found: Any = passes.annotate(settled_at=Case(When(first_touch_at__isnull=True, then=settled)))
    columns = [name for name in _Row._fields if name not in ("first", "last")]
    return (_Row(*row) for row in found.values_list(*columns, *more))
