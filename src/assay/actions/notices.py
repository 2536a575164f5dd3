"""What is said to people of sales because of a lead, and to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from assay.actions.announcing import lead_data
from assay.actions.audiences import managers
from assay.actions.notifying import Telling, notify
from assay.actions.outbox import Event, post_all
from assay.domain.events import ClockData, ClockRanOut, LeadOffered, OfferData, OwnerData
from assay.domain.notifications import Details, Kind
from assay.domain.phrase import Phrase
from assay.domain.routing import Choice
from assay.records.models import Lead, User


class Notice(NamedTuple):
    """Something to be said of a lead to some users, by number; whoever else wants its type hears it as well."""

    type: str
    lead: Lead
    to: tuple[int, ...]
    about: ClockData | OfferData
    kind: Kind
    details: Details


def post(now: datetime, notice: Notice) -> None:
    """Say it once the transaction commits: to these users, and to other systems that want its type."""

    def tell(wanted: Sequence[Event]) -> None:
        said = lead_data(notice.lead)
        if isinstance(notice.about, ClockData):
            wanted[0].payload = ClockRanOut(lead=said, clock=notice.about).model_dump(mode="json")
        else:
            wanted[0].payload = LeadOffered(lead=said, offer=notice.about).model_dump(mode="json")

    post_all(now, [Event(notice.type, lead=notice.lead.pk, to=notice.to)], tell)
    notify(now, [Telling(notice.kind, notice.to, notice.lead.pk, notice.details)])


def offered(lead: Lead, to: User, until: datetime, why: Phrase) -> Notice:
    """That a lead is held for somebody."""
    said = Phrase("{who} is offered to you: {why}.", who=str(lead.person), why=why)
    owner = OwnerData(name=to.name, email=to.email)
    about = OfferData(to=owner, until=until, why=why, hindrances=[], sentence=said)
    return Notice("lead.offered", lead, (to.pk,), about, Kind.OFFERED, {"until": until.isoformat()})


def unrouted(lead: Lead, choice: Choice) -> Notice:
    """That nobody gets a lead, for the managers."""
    said = Phrase("{who} waits, and nobody gets it: {why}.", who=str(lead.person), why=choice.why)
    hindrances = [str(one) for one in choice.hindrances]
    about = OfferData(to=None, until=None, why=choice.why, hindrances=hindrances, sentence=said)
    return Notice("lead.unrouted", lead, managers(), about, Kind.UNROUTED, {})
