"""A clock that runs out is spoken of: once for each step, and only while it still runs."""

from datetime import datetime
from functools import partial

from assay.actions.moves import Standing, standing
from assay.actions.notices import Notice, managers, post, team
from assay.actions.offers import offer_on
from assay.actions.policies import rule
from assay.actions.writing import in_transaction
from assay.domain.clock import ClockReading
from assay.domain.escalation import Step, due_step, sentence, since
from assay.domain.policy import Policy
from assay.records.clocks import running_clock
from assay.records.late import furthest_taken, is_taken
from assay.records.models import Escalation


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
    post(now, _notices(due.step, clock, here, policy))
    taken = Escalation.objects.create(
        lead=here.lead, pass_no=here.lead.pass_no, clock=clock.kind, started_at=since(clock), step=due.step, at=now
    )
    if due.step is Step.OFFER:
        offer_on(here, now)
    return taken


def _notices(step: Step, clock: ClockReading, here: Standing, policy: Policy) -> list[Notice]:
    """The owner is reminded, or all who decide where there is none; the managers are told of what is late."""
    owner = (here.lead.owner_id,) if here.lead.owner_id else team()
    to = owner if step is Step.REMIND else managers()
    return [
        Notice(
            "clock.due_soon" if step is Step.REMIND else "clock.breached",
            here.lead.pk,
            to,
            _said(step, clock, here, policy),
        )
    ]


def _said(step: Step, clock: ClockReading, here: Standing, policy: Policy) -> dict[str, object]:
    return {
        "clock": str(clock.kind),
        "step": str(step),
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "sentence": str(sentence(step, clock, str(here.lead.person), policy)),
    }
