"""What other systems and people are told: every type of event, and what the data of one holds."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from assay.domain.phrase import Template

VERSION = 1
"""Of what the data hold. Fields may be added to it; whatever else changes gets a type of a new name beside the old."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class CompanyData(_Data):
    name: str
    domain: str
    country: str


class OwnerData(_Data):
    name: str
    email: str


class LeadData(_Data):
    """A lead as it stands after the event: what finds it elsewhere, its labels, and no part of its score."""

    id: int
    external_id: str
    name: str
    email: str
    title: str
    company: CompanyData | None
    source: str
    campaign: str
    rung: str
    temperature: str
    fit: float
    intent: float
    pass_number: int
    owner: OwnerData | None


class DecisionData(_Data):
    """The entry of the ledger that this event is."""

    id: int
    move: str
    from_rung: str
    to_rung: str
    at: datetime
    by: str
    desk: str
    reason: str
    text: str
    policy_version: int


class DealData(_Data):
    """The deal; ``value`` is what it was won for once it is."""

    value: Decimal | None
    currency: str
    close_date: date | None


class AnswerData(_Data):
    by: str
    at: datetime
    text: str


class LeadMoved(_Data):
    lead: LeadData
    decision: DecisionData


class DealMoved(_Data):
    lead: LeadData
    decision: DecisionData
    deal: DealData


class RejectionAnswered(_Data):
    """``decision`` is the rejection that was answered."""

    lead: LeadData
    decision: DecisionData
    answer: AnswerData


class ClockData(_Data):
    """The clock of a lead as it was spoken of: which step, since when it runs, when it is or was due, in a sentence."""

    kind: str
    step: str
    started_at: datetime
    due_at: datetime
    sentence: str


class ClockRanOut(_Data):
    lead: LeadData
    clock: ClockData


class OfferData(_Data):
    """To whom a lead is offered, until when and why; to nobody, why not, and what keeps those from it who could be."""

    to: OwnerData | None
    until: datetime | None
    why: str
    hindrances: list[str]
    sentence: str


class LeadOffered(_Data):
    lead: LeadData
    offer: OfferData


class LeadNumber(_Data):
    id: int


class LeadErased(_Data):
    """Nothing of them is left but the number by which you may find what you have of them."""

    lead: LeadNumber


class EventType(NamedTuple):
    """What happened, and the shape of the data that tell of it."""

    sentence: Template
    data: type[BaseModel]


EVENTS: Mapping[str, EventType] = {
    "lead.promoted": EventType(Template("A lead came to the gate: it is an MQL or PQL now."), LeadMoved),
    "lead.accepted": EventType(Template("Sales took a lead over at the gate."), LeadMoved),
    "lead.rejected": EventType(Template("Sales returned a lead with a reason."), LeadMoved),
    "lead.rejection_answered": EventType(Template("Marketing answered a rejection."), RejectionAnswered),
    "lead.withdrawn": EventType(Template("Marketing took a lead back from the gate."), LeadMoved),
    "lead.qualified": EventType(Template("Fit and intent were vetted: the lead is an SQL now."), LeadMoved),
    "lead.disqualified": EventType(Template("A lead was taken out, with a reason."), LeadMoved),
    "lead.recycled": EventType(Template("Sales gave a lead back for its next pass."), LeadMoved),
    "lead.reopened": EventType(Template("A disqualified lead or a customer starts the next pass."), LeadMoved),
    "lead.assigned": EventType(Template("A lead got another owner."), LeadMoved),
    "lead.offered": EventType(Template("A lead was offered to a salesperson until a time."), LeadOffered),
    "lead.unrouted": EventType(Template("A lead should go to somebody, and nobody is available."), LeadOffered),
    "lead.erased": EventType(Template("A person was erased: erase what you have of this lead too."), LeadErased),
    "deal.opened": EventType(Template("A deal was attached to a qualified prospect."), DealMoved),
    "deal.won": EventType(Template("A deal was won."), DealMoved),
    "deal.lost": EventType(Template("A deal was lost, with a reason."), DealMoved),
    "clock.due_soon": EventType(Template("A clock is about to run out, or a close date has passed."), ClockRanOut),
    "clock.breached": EventType(Template("A clock has run out, and a manager hears of it."), ClockRanOut),
}
"""Every type that another system can subscribe to."""

OF_MOVE: Mapping[str, str] = {
    "promote": "lead.promoted",
    "promote_product": "lead.promoted",
    "accept": "lead.accepted",
    "reject": "lead.rejected",
    "withdraw": "lead.withdrawn",
    "qualify": "lead.qualified",
    "disqualify": "lead.disqualified",
    "recycle": "lead.recycled",
    "reopen": "lead.reopened",
    "assign": "lead.assigned",
    "open_deal": "deal.opened",
    "win": "deal.won",
    "lose": "deal.lost",
}
"""The type of the event that a decision is, by its move; a capture is none."""

NAMING: Mapping[str, Mapping[str, object]] = {
    "lead": {"external_id": "", "name": "", "email": "", "title": "", "company": None},
    "decision": {"text": ""},
    "answer": {"text": ""},
    "deal": {},
    "clock": {"sentence": ""},
    "offer": {"sentence": ""},
}
"""What of each part of the data may name somebody, and what stands there once they are erased."""


def nameless(data: Mapping[str, object]) -> dict[str, object]:
    """The data of an event without what names the person it is about, in the shape of its type; other data go whole."""
    kept: dict[str, object] = {}
    for part, blank in NAMING.items():
        if isinstance(said := data.get(part), dict):
            kept[part] = said | {name: value for name, value in blank.items() if name in said}
    return kept
