"""The inbox: every lead that waits for a decision, best first, and why it is there."""

from datetime import UTC, datetime
from typing import Annotated

from ninja import Query
from pydantic import Field

from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.leads import shapes, telling
from assay.api.paging import PageQuery, page
from assay.api.room import Room
from assay.api.shapes import Shape
from assay.domain.parts import Part, main_reasons
from assay.domain.tokens import Scope
from assay.records.leads import Temperature
from assay.records.waiting import INBOX_ORDER, at_the_gate, with_waits

room = Room("Inbox")


class LastSignal(Shape):
    """What they did last, of what the rule counts."""

    kind: str
    label: str
    at: datetime


class Waiting(shapes.Lead):
    """A lead that waits for a decision: since when, why it is there, and what they did last."""

    waiting_since: datetime
    reasons: list[str]
    parts: list[shapes.Part]
    last_signal: LastSignal | None


class WaitingPage(Shape):
    """A page of the inbox; ``next`` is where the next one is."""

    items: list[Waiting]
    next: str | None


class InboxQuery(PageQuery):
    """Which of them."""

    temperature: Temperature | None = None
    source: Annotated[str, Field(max_length=200)] = ""


@room.get("/inbox", Scope.LEADS_READ, WaitingPage)
def get_inbox(request: Asking, asked: Query[InboxQuery]) -> WaitingPage:
    """List the leads that wait for a decision.

    Best first, each with the main reasons and all parts of its score.
    """
    found = at_the_gate().select_related(*telling.RELATED, "score")
    found = found.filter(temperature=asked.temperature) if asked.temperature else found
    found = found.filter(source__name=asked.source.strip()) if asked.source.strip() else found
    rows, following = page(request, found, INBOX_ORDER, asked)
    kinds = rule(request.auth.at).policy.intent.signals
    items = []
    for entry in with_waits(rows):
        last = entry.last
        items.append(
            Waiting(
                **dict(telling.lead(entry.lead)),
                waiting_since=entry.since,
                reasons=main_reasons(Part(**part) for part in entry.lead.score.parts),
                parts=[shapes.Part(**part) for part in entry.lead.score.parts],
                last_signal=LastSignal(
                    kind=last.kind,
                    label=kinds[last.kind].label if last.kind in kinds else last.kind,
                    at=datetime.fromtimestamp(last.last, UTC),
                )
                if last
                else None,
            )
        )
    return WaitingPage(items=items, next=following)
