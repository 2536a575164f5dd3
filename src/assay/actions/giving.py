"""A lead goes to another owner, and the ledger says to whom, from whom and why."""

from datetime import datetime

from assay.actions.actors import Actor
from assay.actions.announcing import announce
from assay.actions.moves import Standing, score_as_it_stood
from assay.actions.policies import rule
from assay.domain.ladder import ASSIGN, Desk
from assay.records.models import Decision, Score, User


def give(here: Standing, owner: User, by: Actor, at: datetime, because: str = "") -> Decision:
    """Give a lead that the caller holds to somebody; it stays on its rung."""
    lead, before = here.lead, here.lead.owner_id
    lead.owner = here.current.owner = owner
    lead.save(update_fields=["owner"])
    here.current.save(update_fields=["owner"])
    details = {"owner": str(owner.pk), "owner_name": owner.name, "before": str(before or ""), "because": because}
    given = Decision.objects.create(
        lead=lead, pass_no=lead.pass_no, move=ASSIGN, from_rung=lead.rung, to_rung=lead.rung, at=at,
        by_id=by.user_id, by_name=by.name, desk=Desk.SALES, policy_id=rule(at).version,
        details={name: text for name, text in details.items() if text},
        score=score_as_it_stood(lead, Score.objects.filter(pk=lead.pk).first()),
    )  # fmt: skip
    announce([given], at)
    return given
