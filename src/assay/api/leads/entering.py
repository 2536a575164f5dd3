"""Leads entered and corrected, touches logged, and leads handed over."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from assay.actions import work
from assay.actions.actors import user_by_email
from assay.actions.capture import capture
from assay.actions.edits import correct
from assay.api.caller import Asking
from assay.api.leads import shapes, telling
from assay.api.leads.finding import held
from assay.api.leads.room import room
from assay.api.leads.rows import NewLead, row_of
from assay.api.shapes import Number, Said, Shape, Text
from assay.domain.errors import BadInput
from assay.domain.facts import field_key
from assay.domain.identity import identities_of
from assay.domain.ladder import Desk
from assay.domain.tokens import Scope
from assay.records.decisions import TouchKind
from assay.records.models import Identity, Lead

BOTH = frozenset({Desk.MARKETING, Desk.SALES})
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@room.post("/leads", Scope.LEADS_WRITE, shapes.Captured, BOTH, status=201)
def create_lead(request: Asking, said: NewLead) -> shapes.Captured:
    """Enter a lead.

    Somebody known already, by address in any spelling, your own id, or phone where that is all there is, is not
    entered twice: blanks are filled, and nothing that is known is overwritten.
    """
    caller, row = request.auth, row_of(said)
    caller.actor.needs_a_desk("enter a lead")
    done = capture([row], caller.actor, caller.at)
    if done.refusals:
        raise BadInput(done.refusals[0].code, done.refusals[0].sentence.replace("The row", "The lead"))
    kind, value = identities_of(row)[0]
    identity = Identity.objects.select_related("person").get(kind=kind, value=value)
    found, _ = telling.standing(Lead.objects.values_list("pk", flat=True).get(person=identity.person_id))
    return shapes.Captured(
        new=bool(done.created), filled=bool(done.filled), promoted=bool(done.promoted), lead=telling.lead(found)
    )


class Facts(Said):
    """Facts by dotted key, such as person.title, company.employees or lead.product; null takes one away."""

    facts: Annotated[
        dict[Annotated[str, Field(max_length=300)], Annotated[str, Field(max_length=10_000)] | float | bool | None],
        Field(min_length=1, max_length=100, examples=[{"person.title": "CFO", "company.employees": 120}]),
    ]


@room.post("/leads/{lead_id}", Scope.LEADS_WRITE, shapes.WholeLead, BOTH, match=held, method="PATCH")
def correct_lead(request: Asking, lead_id: Number, said: Facts) -> shapes.WholeLead:
    """Correct data.

    What it said before is kept, and the scores follow. A fact of the company holds for all its people. Where marketing
    corrects a lead that sales rejected, that answers the rejection.
    """
    correct(lead_id, request.auth.actor, request.auth.at, {field_key(key): said.facts[key] for key in said.facts})
    return telling.whole(lead_id, request.auth.at)


class Contact(Said):
    """Something we did to reach them; at once where no time is said."""

    kind: TouchKind
    reached: Annotated[bool, Field(description="It was two-way: they answered.")]
    note: Text = ""
    at: Annotated[AwareDatetime | None, Field(description="Not in the future.")] = None


class Touched(Shape):
    """The touch that was logged, the lead, and what comes next."""

    touch: shapes.Touch
    lead: shapes.Lead
    next_step: str

    @property
    def about(self) -> int | None:
        """The lead that was touched."""
        return self.lead.id


@room.post("/leads/{lead_id}/touches", Scope.LEADS_WRITE, Touched, BOTH, match=held, status=201)
def log_touch(request: Asking, lead_id: Number, said: Contact) -> Touched:
    """Log a call, an email or a meeting.

    One that reached them makes contact; one that did not counts as an attempt.
    """
    by, at = request.auth.actor, request.auth.at
    if said.at and not EARLIEST <= said.at <= at:
        raise BadInput("bad_time", "A touch cannot be in the future.", "Log it once it has happened.")
    row = work.log_touch(lead_id, by, said.at or at, kind=said.kind, reached=said.reached, note=said.note)
    found, current = telling.standing(lead_id)
    return Touched(touch=telling.touch(row), lead=telling.lead(found), next_step=telling.step(found, current, at))


class NewOwner(Said):
    """Who works the lead from now on, by email."""

    owner: Annotated[str, Field(max_length=320)]


@room.post("/leads/{lead_id}/assign", Scope.LEADS_WRITE, shapes.Lead, {Desk.SALES}, match=held)
def assign(request: Asking, lead_id: Number, said: NewOwner) -> shapes.Lead:
    """Give an accepted lead to another salesperson.

    Its owner or a manager may.
    """
    work.assign(lead_id, request.auth.actor, datetime.now(UTC), user_by_email(said.owner).pk)
    return telling.lead(telling.standing(lead_id)[0])
