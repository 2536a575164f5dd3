"""Decisions drafted by programs, for a person to confirm on the lead's page."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from assay.actions.drafts import LONGEST, draft
from assay.api.caller import Asking
from assay.api.leads import telling
from assay.api.leads.entering import BOTH
from assay.api.leads.finding import held
from assay.api.leads.room import room
from assay.api.shapes import Number, Said, Shape, Text
from assay.domain.ladder import Rung
from assay.domain.tokens import Scope
from assay.records.drafts import open_drafts
from assay.records.models import Draft as Row

Move = Literal["promote", "withdraw", "accept", "reject", "qualify", "disqualify", "recycle", "reopen", "lose"]


class Suggestion(Said):
    """The move, why, and the words that go along with it: its reason, a code of the policy, a text, or notes."""

    move: Move
    why: Annotated[str, Field(min_length=1, max_length=LONGEST, description="For whoever confirms it.")]
    reason: Annotated[str, Field(max_length=100)] = ""
    text: Text = ""
    fit_note: Text = ""
    intent_note: Text = ""


class Draft(Shape):
    """A decision that waits for a person. It goes once the lead has moved."""

    id: int
    lead: int
    move: str
    said: dict[str, str]
    why: str
    rung: Rung
    by: str
    at: datetime

    @property
    def about(self) -> int | None:
        """Its lead."""
        return self.lead


class Drafts(Shape):
    """The open drafts of a lead, the newest first."""

    items: list[Draft]


@room.get("/leads/{lead_id}/drafts", Scope.LEADS_READ, Drafts)
def list_drafts(request: Asking, lead_id: Number) -> Drafts:
    """Read what is drafted for a lead."""
    telling.standing(lead_id)
    return Drafts(items=[_told(row) for row in open_drafts(lead_id)])


@room.post("/leads/{lead_id}/drafts", Scope.DRAFTS, Draft, BOTH, match=held, status=201)
def draft_decision(request: Asking, lead_id: Number, said: Suggestion) -> Draft:
    """Draft a decision.

    Nothing is done with the lead until a person confirms it on its page by their own rights; the ledger names both.
    """
    words = {"reason": said.reason, "text": said.text, "fit_note": said.fit_note, "intent_note": said.intent_note}
    by, at = request.auth.actor, request.auth.at
    return _told(draft(lead_id, by, at, move=said.move, why=said.why, said=words))


def _told(row: Row) -> Draft:
    return Draft(
        id=row.pk,
        lead=row.lead_id,
        move=row.move,
        said=row.said,
        why=row.why,
        rung=Rung(row.rung),
        by=row.by_name,
        at=row.at,
    )
