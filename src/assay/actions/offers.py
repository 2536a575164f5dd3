"""Offers of leads: made to whose turn it is, taken, passed on, and handed to the next where nobody answers."""

from datetime import datetime
from functools import partial

from assay.actions import gate
from assay.actions.actors import Actor
from assay.actions.choosing import choose
from assay.actions.giving import give
from assay.actions.moves import Standing, standing
from assay.actions.notices import offered, post, unrouted
from assay.actions.policies import rule
from assay.actions.writing import in_transaction
from assay.domain.clock import ClockReading
from assay.domain.errors import MoveRefused
from assay.domain.escalation import ORDER, since
from assay.domain.ladder import GATE, Desk
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.working_time import working_time
from assay.records.clocks import running_clock
from assay.records.late import furthest_taken
from assay.records.models import Decision, Offer, RoutingRule
from assay.records.offers import open_offer
from assay.records.routing import Ended


def attend(lead_id: int, now: datetime) -> Offer | None:
    """Make the offer that a lead is owed, hand one that ran out to the next, end one that is owed no more.

    Returns the offer that stands, be it to nobody. The lead is held meanwhile: of two workers one makes it.
    """
    return in_transaction(lambda: offer_on(standing(lead_id), now))


def offer_on(here: Standing, now: datetime) -> Offer | None:
    """The same for a lead that the caller holds."""
    policy, before = rule(now).policy, open_offer(here.lead.pk)
    owed_since = _owed_since(here, policy, now)
    if before and (owed_since is None or before.until <= now):
        end(before, Ended.MOOT if owed_since is None else Ended.EXPIRED, now)
    elif before:
        return before
    return _make(here, policy, owed_since, now, before) if owed_since else None


def _owed_since(here: Standing, policy: Policy, now: datetime) -> datetime | None:
    """Since when somebody is to be offered this lead; None where nobody is.

    At the gate that is so from promotion on where the policy routes there; else once its clock has come to that, where
    anybody ever said who else could take it.
    """
    clock = running_clock(here.lead, here.current, here.deal, policy, now)
    if clock is None:
        return None
    if here.lead.rung in GATE and policy.routing.when == "promotion":
        return clock.started_at
    return since(clock) if _has_come_to_it(clock, here) and RoutingRule.objects.exists() else None


def _has_come_to_it(clock: ClockReading, here: Standing) -> bool:
    key = here.lead.pk, here.lead.pass_no, str(clock.kind), since(clock)
    return furthest_taken([here.lead.pk]).get(key) == len(ORDER)


def _make(here: Standing, policy: Policy, owed_since: datetime, now: datetime, before: Offer | None) -> Offer:
    """Offer a lead to whose turn it is; to nobody, and say so, where everybody had it or is not available."""
    lead = here.lead
    had = Offer.objects.filter(lead=lead, pass_no=lead.pass_no, made_at__gte=owed_since, to__isnull=False)
    without = {*had.values_list("to", flat=True), lead.owner_id}
    choice = choose(lead, policy, now, {user_id for user_id in without if user_id})
    until = working_time(policy).after(now, policy.routing.offer)
    offer = Offer.objects.create(
        lead=lead, pass_no=lead.pass_no, to_id=choice.user_id, why=str(choice.why), made_at=now, until=until
    )
    if offer.to:
        post(now, offered(lead, offer.to, until, choice.why))
    elif before is None or before.to_id:  # that there is still nobody is no news
        post(now, unrouted(lead, choice))
    return offer


def end(offer: Offer, how: Ended, at: datetime) -> None:
    """Note how an offer ended."""
    offer.ended, offer.ended_at = how, at
    offer.save(update_fields=["ended", "ended_at"])


def take(lead_id: int, by: Actor, at: datetime) -> Decision:
    """Take a lead that is offered to one: accepted at the gate, else from its owner. Raises MoveRefused."""
    return in_transaction(partial(_take, lead_id, by, at))


def _take(lead_id: int, by: Actor, at: datetime) -> Decision:
    here, offer = _offered(lead_id, by, at)
    if here.lead.rung in GATE:
        return gate.accept(lead_id, by, at)
    if _owed_since(here, rule(at).policy, at) is None:
        raise MoveRefused(
            "answered_meanwhile",
            Phrase("{owner} has answered meanwhile.", owner=str(here.lead.owner)),
            Phrase("Nothing was changed."),
        )
    assert offer.to, "it is offered to whoever takes it"
    end(offer, Ended.TAKEN, at)
    return give(here, offer.to, by, at, because=offer.why)


def pass_on(lead_id: int, by: Actor, at: datetime) -> Offer | None:
    """Say no to an offer: it goes to the next at once. Returns that offer. Raises MoveRefused."""
    return in_transaction(partial(_pass_on, lead_id, by, at))


def _pass_on(lead_id: int, by: Actor, at: datetime) -> Offer | None:
    here, offer = _offered(lead_id, by, at)
    end(offer, Ended.PASSED, at)
    return offer_on(here, at)


def _offered(lead_id: int, by: Actor, at: datetime) -> tuple[Standing, Offer]:
    by.needs(Desk.SALES, "take an offer")
    here, offer = standing(lead_id), open_offer(lead_id)
    if offer is None or offer.to_id is None or offer.to_id != by.user_id or offer.until <= at:
        raise MoveRefused(
            "not_offered",
            Phrase("Lead {lead} is not offered to {who} any more.", lead=str(lead_id), who=by.name),
            Phrase("Nothing was changed."),
        )
    return here, offer
