"""Whom of our own people a decision concerns, and what they are told of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from assay.actions.audiences import marketing, team
from assay.actions.notifying import Telling
from assay.actions.policies import rule
from assay.domain.ladder import ASSIGN
from assay.domain.notifications import Kind
from assay.records.leads import Temperature
from assay.records.models import Decision

SINGLY = 5
"""Of more hot leads that come to the gate in one go, as when a file is brought in, only the number is told."""


def concerning(decisions: Sequence[Decision], at: datetime) -> list[Telling]:
    """What people are told of decisions just made; asks the database only for what somebody is told of."""
    return [telling for find in (_hot, _given, _returned) for telling in find(decisions, at)]


def _hot(decisions: Sequence[Decision], at: datetime) -> Iterator[Telling]:
    """Hot leads at the gate, for the team; where the rule offers each to somebody they hear of it by the offer."""
    hot = [one for one in decisions if one.move in ("promote", "promote_product") and _is_hot(one)]
    if not hot or rule(at).policy.routing.when == "promotion":
        return
    to = team()
    if len(hot) > SINGLY:
        yield Telling(Kind.WAITING, to, details={"count": len(hot)})
    else:
        yield from (Telling(Kind.WAITING, to, one.lead_id) for one in hot)


def _is_hot(decision: Decision) -> bool:
    return bool(decision.score and decision.score["temperature"] == Temperature.HOT)


def _given(decisions: Sequence[Decision], at: datetime) -> Iterator[Telling]:
    """Leads that somebody else, or the rule, gave to a person."""
    for one in decisions:
        owner = int(one.details.get("owner") or 0) if one.move in ("accept", ASSIGN) else 0
        if owner and owner != one.by_id:
            yield Telling(Kind.ASSIGNED, (owner,), one.lead_id, {"by": one.by_name})


def _returned(decisions: Sequence[Decision], at: datetime) -> Iterator[Telling]:
    """Leads that sales returned, for whoever of marketing sent them; for all of marketing where the rule did."""
    rejections = [one for one in decisions if one.move == "reject"]
    if not rejections:
        return
    listed, senders, everybody = rule(at).policy.gate.reasons.rejection, _senders(rejections), marketing()
    for one in rejections:
        sender = senders.get((one.lead_id, one.pass_no))
        reason = listed.get(one.reason, one.reason)
        details = {"by": one.by_name, "reason": reason}
        yield Telling(Kind.RETURNED, (sender,) if sender else everybody, one.lead_id, details)


def _senders(rejections: Sequence[Decision]) -> Mapping[tuple[int, int], int]:
    """Who sent leads to the gate by hand, by lead and pass."""
    sent = Decision.objects.filter(lead__in={one.lead_id for one in rejections}, move="promote", by__isnull=False)
    found = sent.order_by("pk").values_list("lead_id", "pass_no", "by_id")
    return {(lead_id, pass_no): user_id for lead_id, pass_no, user_id in found if user_id}
