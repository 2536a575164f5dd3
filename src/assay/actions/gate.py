"""The two-way gate: sales accepts a lead or returns it with a reason; marketing may take it back."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from assay.actions.actors import Actor, in_sales
from assay.actions.moves import make_move
from assay.actions.policies import rule
from assay.actions.routed import routed
from assay.domain.errors import MoveRefused
from assay.domain.ladder import Request
from assay.domain.phrase import Phrase
from assay.records.models import Decision, User

VETTED_BY_ACCEPTING = Phrase("Vetted in the act of accepting")


@transaction.atomic
def accept(
    lead_id: int,
    by: Actor,
    at: datetime,
    *,
    owner: User | None = None,
    fit_note: str = "",
    intent_note: str = "",
) -> Decision:
    """Sales takes the lead over; ``owner`` is whoever decides, unless a manager names another or the policy routes.

    With ``gate.accept_is_sql`` it also becomes an SQL in the same act. Returns the last decision made.
    """
    owner_id, because = routed(lead_id, by, at) if owner is None else (_owner(by, owner), "")
    decision = make_move("accept", lead_id, by, at, Request(owner=owner_id, because=because))
    if not rule(at).policy.gate.accept_is_sql:
        return decision
    return qualify(
        lead_id,
        replace(by, manages=True),  # the same act, though a rule may have given the lead to somebody else
        at,
        fit_note=fit_note or str(VETTED_BY_ACCEPTING),
        intent_note=intent_note or str(VETTED_BY_ACCEPTING),
    )


def qualify(lead_id: int, by: Actor, at: datetime, *, fit_note: str, intent_note: str) -> Decision:
    """A person has vetted fit and intent: accepted for direct pursuit."""
    return make_move("qualify", lead_id, by, at, Request(fit_note=fit_note, intent_note=intent_note))


def reject(lead_id: int, by: Actor, at: datetime, *, reason: str, text: str = "") -> Decision:
    """Sales returns the lead with a reason of the policy's rejection list; it rests and goes to nurture."""
    return make_move("reject", lead_id, by, at, Request(reason=reason, text=text))


def withdraw(lead_id: int, by: Actor, at: datetime, *, text: str) -> Decision:
    """Marketing takes the lead back from the gate and says why."""
    return make_move("withdraw", lead_id, by, at, Request(text=text))


def promote(lead_id: int, by: Actor, at: datetime, *, text: str) -> Decision:
    """A marketer sends a lead to the gate against the score, and says why; the audit counts it."""
    return make_move("promote", lead_id, by, at, Request(text=text))


def _owner(by: Actor, owner: User) -> str:
    in_sales(owner)
    if owner.pk != by.user_id and not by.manages:
        raise MoveRefused("not_yours", _not_to(by, owner), Phrase("A manager can."))
    return str(owner.pk)


def _not_to(by: Actor, owner: User) -> Phrase:
    return Phrase("{who} cannot give a lead to {owner}.", who=by.name, owner=str(owner))
