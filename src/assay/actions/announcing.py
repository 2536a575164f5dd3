"""What is said to others of a decision: put together from the ledger and the lead, for all of a transaction at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from assay.actions.concerning import concerning
from assay.actions.notifying import notify
from assay.actions.outbox import Event, Payload, post_all
from assay.domain.events import (
    EVENTS,
    OF_MOVE,
    AnswerData,
    CompanyData,
    DealData,
    DealMoved,
    DecisionData,
    LeadData,
    LeadMoved,
    OwnerData,
    RejectionAnswered,
)
from assay.records.models import Answer, Deal, Decision, Lead, OutboxMessage


def announce(decisions: Sequence[Decision], at: datetime) -> list[OutboxMessage]:
    """Tell whoever wants to know of decisions just made, within their transaction: other systems and our own people.

    Costs one query where nobody does, and a fixed number however many the decisions are.
    """
    notify(at, concerning(decisions, at))
    made = {one.pk: one for one in decisions if one.move in OF_MOVE}
    events = [Event(OF_MOVE[one.move], lead=one.lead_id, decision=one.pk) for one in made.values()]

    def tell(wanted: Sequence[Event]) -> None:
        told = [made[event.decision or 0] for event in wanted]
        for event, payload in zip(wanted, _payloads(told), strict=True):
            event.payload = payload

    return post_all(at, events, tell)


def announce_answer(given: Answer, at: datetime) -> list[OutboxMessage]:
    """Tell of marketing's answer to a rejection, within its transaction."""
    rejection = given.decision

    def tell(wanted: Sequence[Event]) -> None:
        lead = _leads([rejection.lead_id])[rejection.lead_id]
        answer = AnswerData(by=given.by.name, at=given.at, text=given.text)
        said = RejectionAnswered(lead=lead_data(lead), decision=_decision_data(rejection), answer=answer)
        wanted[0].payload = said.model_dump(mode="json")

    return post_all(at, [Event("lead.rejection_answered", lead=rejection.lead_id, decision=rejection.pk)], tell)


def _payloads(decisions: Sequence[Decision]) -> list[Payload]:
    leads = _leads(one.lead_id for one in decisions)
    deals = _deals(one for one in decisions if EVENTS[OF_MOVE[one.move]].data is DealMoved)
    return [_payload(one, leads[one.lead_id], deals.get((one.lead_id, one.pass_no))) for one in decisions]


def _payload(decision: Decision, lead: Lead, deal: Deal | None) -> Payload:
    said = {"lead": lead_data(lead), "decision": _decision_data(decision)}
    if deal is None:
        return LeadMoved(**said).model_dump(mode="json")
    return DealMoved(**said, deal=_deal_data(deal, decision)).model_dump(mode="json")


def _leads(lead_ids: Iterable[int]) -> Mapping[int, Lead]:
    found = Lead.objects.filter(pk__in=set(lead_ids))
    return {lead.pk: lead for lead in found.select_related("person", "company", "source", "campaign", "owner")}


def _deals(decisions: Iterable[Decision]) -> Mapping[tuple[int, int], Deal]:
    wanted = {(one.lead_id, one.pass_no) for one in decisions}
    if not wanted:
        return {}
    found = Deal.objects.filter(lead__in={lead_id for lead_id, _ in wanted})
    return {(deal.lead_id, deal.pass_no): deal for deal in found}


def lead_data(lead: Lead) -> LeadData:
    """A lead as others are told of it; with ``person``, ``company``, ``source``, ``campaign``, ``owner`` loaded."""
    person, company, owner = lead.person, lead.company, lead.owner
    return LeadData(
        id=lead.pk,
        external_id=lead.external_id,
        name=person.name,
        email=person.email,
        title=person.title,
        company=company and CompanyData(name=company.name, domain=company.domain, country=company.country),
        source=lead.source.name,
        campaign=lead.campaign.name if lead.campaign else "",
        rung=lead.rung,
        temperature=lead.temperature,
        fit=lead.fit,
        intent=lead.intent,
        pass_number=lead.pass_no,
        owner=owner and OwnerData(name=owner.name, email=owner.email),
    )


def _decision_data(one: Decision) -> DecisionData:
    return DecisionData(
        id=one.pk,
        move=one.move,
        from_rung=one.from_rung,
        to_rung=one.to_rung,
        at=one.at,
        by=one.by_name,
        desk=one.desk,
        reason=one.reason,
        text=one.text,
        policy_version=one.policy_id,
    )


def _deal_data(deal: Deal, decision: Decision) -> DealData:
    """The deal under what the decision says of it: a win names the value before the deal's row has it."""
    value, day = decision.details.get("value"), decision.details.get("close_date")
    return DealData(
        value=Decimal(value) if value else deal.value,
        currency=deal.currency,
        close_date=date.fromisoformat(day) if day else deal.close_date,
    )
