"""Choosing who gets a lead: the owner of its company, else whose turn it is by the first rule it meets."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from assay.actions.writing import update
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.routing import (
    ALL_HAD_IT,
    IN_TURN,
    NO_RULE,
    NOBODY_AVAILABLE,
    OWNS_THE_COMPANY,
    Choice,
    Seller,
    Turn,
    next_turn,
)
from assay.domain.working_time import working_time
from assay.records.facts import facts_of
from assay.records.models import Lead, RoutingMember, RoutingRule
from assay.records.sellers import Ruled, owner_of_company, rule_for, rules, sellers

MOMENT = timedelta(microseconds=1)


def choose(lead: Lead, policy: Policy, now: datetime, without: Collection[int] = (), *, count: bool = True) -> Choice:
    """Who gets a lead, within the caller's transaction, and whose turn that was is noted; without ``count`` nothing is.

    ``without`` are those who had it. Rules are held until the transaction ends, so that of two who choose at once the
    second sees what the first did: no turn is given twice, and nobody gets more than they can take.
    """
    if count:
        list(RoutingRule.objects.select_for_update().order_by("pk").values_list("pk"))
    day = _working_day(policy, now)
    if (owner := owner_of_company(lead)) and owner.pk not in without:
        [seller] = sellers([owner], day, now)
        if seller.hindrance is None:
            return Choice(owner.pk, Phrase(OWNS_THE_COMPANY, who=owner.name))
    ruled = rule_for(rules(), facts_of(lead), lead.source.name)
    if ruled is None:
        return Choice(None, Phrase(NO_RULE))
    found = sellers([member.user for member in ruled.members], day, now)
    return _in_turn(ruled, found, without, count=count)


def _in_turn(ruled: Ruled, found: Sequence[Seller], without: Collection[int], *, count: bool) -> Choice:
    hindrances = tuple(seller.hindrance for seller in found if seller.hindrance)
    here = {seller.user_id: seller.name for seller in found if not seller.hindrance}
    left = [member for member in ruled.members if member.user_id in here and member.user_id not in without]
    if not left:
        why = ALL_HAD_IT if here else NOBODY_AVAILABLE
        return Choice(None, Phrase(why, rule=ruled.rule.name), hindrances)
    chosen, owed = next_turn([Turn(member.user_id, member.weight, member.credit) for member in left])
    if count:
        _note(left, chosen, owed)
    return Choice(chosen, Phrase(IN_TURN, who=here[chosen], rule=ruled.rule.name), hindrances)


def _note(members: Sequence[RoutingMember], chosen: int, owed: Mapping[int, int]) -> None:
    for member in members:
        member.credit = owed[member.user_id]
        member.taken += member.user_id == chosen
    update(RoutingMember, members, ["credit", "taken"])


def _working_day(policy: Policy, now: datetime) -> date:
    """The day on which somebody could begin with it: at night and over the weekend, the next working day."""
    return working_time(policy).after(now, MOMENT).astimezone(policy.zone).date()
