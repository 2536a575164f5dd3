"""Who owns a lead that somebody accepts: whoever accepts it, or where the policy says so whose turn it is."""

from datetime import datetime

from assay.actions.actors import Actor
from assay.actions.choosing import choose
from assay.actions.moves import standing
from assay.actions.notices import post, unrouted
from assay.actions.policies import rule
from assay.domain.ladder import GATE, Desk
from assay.domain.phrase import Phrase
from assay.domain.routing import STAYS
from assay.records.offers import open_offer


def routed(lead_id: int, by: Actor, at: datetime) -> tuple[str, str]:
    """The owner's number and why it is them; within the caller's transaction, in which the lead is held."""
    mine, policy = str(by.user_id or ""), rule(at).policy
    offer = open_offer(lead_id)
    if offer and offer.to_id is not None and offer.to_id == by.user_id and at < offer.until:
        return mine, offer.why
    if policy.routing.when != "acceptance" or Desk.SALES not in by.desks:
        return mine, ""
    here = standing(lead_id)
    if here.lead.rung not in GATE:
        return mine, ""  # whoever decided first is told of by the move
    choice = choose(here.lead, policy, at)
    if choice.user_id is None:
        post(at, unrouted(here.lead, choice))
        return mine, Phrase(STAYS, why=choice.why)
    return str(choice.user_id), choice.why
