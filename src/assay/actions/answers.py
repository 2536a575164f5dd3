"""Marketing's reply to a rejection: what sales said was heard."""

from datetime import datetime

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.announcing import announce_answer
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.records.models import Answer, Decision, Lead, User


@transaction.atomic
def answer(decision_id: int, by: Actor, at: datetime, text: str) -> Answer:
    """Answer a rejection with a text. Raises Refused when it has its answer already."""
    by.needs(Desk.MARKETING, "answer a rejection")
    decision = Decision.objects.defer("score").filter(pk=decision_id, move="reject").first()
    if decision is None:
        raise NotFound("unknown_rejection", Phrase("There is no rejection {number}.", number=decision_id))
    if not text.strip():
        raise BadInput(
            "empty_answer", Phrase("An answer needs a text."), Phrase("Say what you will do about the reason.")
        )
    # Of two answers at once the second finds the first. Better data answers too, and locks the lead as well.
    Lead.objects.select_for_update().only("pk").get(pk=decision.lead_id)
    given = Answer.objects.select_related("by").filter(decision=decision).first()
    if given is not None:
        said = Phrase("{who} answered this at {at}: {text}", who=given.by, at=given.at, text=given.text)
        raise Refused("answered_already", said)
    made = Answer.objects.create(decision=decision, by=User.objects.get(pk=by.user_id or 0), at=at, text=text.strip())
    announce_answer(made, at)
    return made
