"""A clock that runs out is spoken of: once for each step, and only while it still runs."""

from datetime import datetime
from functools import partial

from assay.actions.audiences import managers, team
from assay.actions.moves import Standing, standing
from assay.actions.notices import Notice, post
from assay.actions.offers import offer_on
from assay.actions.policies import rule
from assay.actions.writing import in_transaction
from assay.domain.clock import Clock, ClockReading
from assay.domain.escalation import Step, due_step, facts, sentence, since
from assay.domain.events import ClockData
from assay.domain.notifications import Kind
from assay.domain.policy import Policy
from assay.records.clocks import running_clock
from assay.records.late import furthest_taken, is_taken
from assay.records.models import Escalation, Offer
from assay.records.offers import open_offer


def escalate(lead_id: int, now: datetime) -> Escalation | None:
    """Take the step that the clock of a lead has come to; None where there is none, or somebody took it before.

    The lead is held and its clock read again, so that nothing is said of one that was stopped meanwhile, or twice by
    two workers. The step and what is said of it commit together: whoever is killed before has said nothing.
    """
    return in_transaction(partial(_escalate, lead_id, now))


def _escalate(lead_id: int, now: datetime) -> Escalation | None:
    policy, here = rule(now).policy, standing(lead_id)
    clock = running_clock(here.lead, here.current, here.deal, policy, now)
    due = due_step(clock, here.lead.temperature, policy, now) if clock else None
    if clock is None or due is None or is_taken(furthest_taken([lead_id]), here.lead, clock, due.step):
        return None
    taken = Escalation.objects.create(
        lead=here.lead, pass_no=here.lead.pass_no, clock=clock.kind, started_at=since(clock), step=due.step, at=now
    )
    offer = offer_on(here, now) if due.step is Step.OFFER else None
    post(now, _notice(due.step, clock, here, policy, offer))
    return taken


def _notice(step: Step, clock: ClockReading, here: Standing, policy: Policy, offer: Offer | None) -> Notice:
    """The owner is reminded, or all who decide where there is none; the managers are told of what is late."""
    lead = here.lead
    owner = (lead.owner_id,) if lead.owner_id else _awaited(here)
    to = str(offer.to) if offer and offer.to else ""
    said = ClockData(
        kind=str(clock.kind),
        step=str(step),
        started_at=clock.started_at,
        due_at=clock.due_at,
        sentence=sentence(clock, str(lead.person), policy, to),
    )
    details = facts(clock, policy, to)
    if step is Step.REMIND:
        kind = Kind.CLOSE_DATE if clock.kind is Clock.CLOSE_DATE else Kind.DUE_SOON
        return Notice("clock.due_soon", lead, owner, said, kind, details)
    return Notice("clock.breached", lead, managers(), said, Kind.BREACHED, details)


def _awaited(here: Standing) -> tuple[int, ...]:
    """Whose decision is waited for: whoever has the offer, else the team."""
    offer = open_offer(here.lead.pk)
    return (offer.to_id,) if offer and offer.to_id else team()
