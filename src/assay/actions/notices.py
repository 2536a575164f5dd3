"""What is said to people of sales because of a lead, and to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from assay.actions.announcing import lead_data
from assay.actions.outbox import Event, post_all
from assay.domain.events import ClockData, ClockRanOut, LeadOffered, OfferData, OwnerData
from assay.domain.phrase import Phrase
from assay.domain.roles import Role
from assay.domain.routing import Choice
from assay.records.models import Lead, User


class Notice(NamedTuple):
    """Something to be said of a lead to some users, by number; whoever else wants its type hears it as well."""

    type: str
    lead: Lead
    to: tuple[int, ...]
    about: ClockData | OfferData


def post(now: datetime, notice: Notice) -> None:
    """Say it once the transaction commits."""

    def tell(wanted: Sequence[Event]) -> None:
        said = lead_data(notice.lead)
        if isinstance(notice.about, ClockData):
            wanted[0].payload = ClockRanOut(lead=said, clock=notice.about).model_dump(mode="json")
        else:
            wanted[0].payload = LeadOffered(lead=said, offer=notice.about).model_dump(mode="json")

    post_all(now, [Event(notice.type, lead=notice.lead.pk, to=notice.to)], tell)


def offered(lead: Lead, to: User, until: datetime, why: Phrase) -> Notice:
    """That a lead is held for somebody."""
    said = Phrase("{who} is offered to you: {why}.", who=str(lead.person), why=why)
    owner = OwnerData(name=to.name, email=to.email)
    return Notice(
        "lead.offered", lead, (to.pk,), OfferData(to=owner, until=until, why=why, hindrances=[], sentence=said)
    )


def unrouted(lead: Lead, choice: Choice) -> Notice:
    """That nobody gets a lead, for the managers."""
    said = Phrase("{who} waits, and nobody gets it: {why}.", who=str(lead.person), why=choice.why)
    hindrances = [str(one) for one in choice.hindrances]
    about = OfferData(to=None, until=None, why=choice.why, hindrances=hindrances, sentence=said)
    return Notice("lead.unrouted", lead, managers(), about)


def team() -> tuple[int, ...]:
    """Everybody who decides at the gate."""
    return _with_role(Role.REP) or managers()


def managers() -> tuple[int, ...]:
    """The managers; an admin where there is none, so that nothing is said to nobody."""
    return _with_role(Role.MANAGER) or _with_role(Role.ADMIN)


def _with_role(role: Role) -> tuple[int, ...]:
    return tuple(User.objects.filter(role=role, is_active=True).order_by("pk").values_list("pk", flat=True))
