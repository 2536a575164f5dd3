"""Leads found: listed by what they are, one by all that is known, and what happened with it."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from django.db.models import Q, QuerySet
from ninja import Query
from pydantic import AwareDatetime, Field

from assay.api.caller import Asking
from assay.api.leads import shapes, telling
from assay.api.leads.room import room
from assay.api.paging import PageQuery, bad_cursor, next_page, page, read_cursor
from assay.api.shapes import Number
from assay.domain.contact import email_identity
from assay.domain.identity import IdentityKind
from assay.domain.ladder import Rung
from assay.domain.tokens import Scope
from assay.records.leads import Temperature
from assay.records.models import Campaign, Identity, Lead, Source
from assay.records.timeline import Kind, Place, timeline
from assay.records.words import matching

ORDERS = {
    "id": ("pk",),
    "-id": ("-pk",),
    "-captured_at": ("-captured_at", "pk"),
    "-total": ("-total", "pk"),
    "-intent": ("-intent", "pk"),
}
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(3000, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]


class LeadQuery(PageQuery):
    """Which leads, and in which order. All that is said has to hold."""

    email: Annotated[str, Field(max_length=320, description="In any spelling of the same address.")] = ""
    lead_id: Annotated[str, Field(max_length=320, description="Your own id of it.")] = ""
    q: Annotated[str, Field(max_length=200, description="Words of name, email or company.")] = ""
    rung: Annotated[list[Rung], Field(max_length=9, default_factory=list)]
    temperature: Temperature | None = None
    grid: Annotated[str | None, Field(pattern="^[A-D][1-4]$")] = None
    insufficient_data: bool | None = None
    source: Annotated[str, Field(max_length=200)] = ""
    campaign: Annotated[str, Field(max_length=200)] = ""
    owner: Annotated[str, Field(max_length=320, description="An email, or none.")] = ""
    captured_from: Moment | None = None
    captured_to: Annotated[Moment | None, Field(description="Not included.")] = None
    sort: Literal["id", "-id", "-captured_at", "-total", "-intent"] = "id"


@room.get("/leads", Scope.LEADS_READ, shapes.LeadPage)
def list_leads(request: Asking, asked: Query[LeadQuery]) -> shapes.LeadPage:
    """List leads.

    By number unless another order is asked for, which is the order to copy them in: new ones come last.
    """
    found = _found(asked).select_related(*telling.RELATED)
    rows, following = page(request, found, ORDERS[asked.sort], asked)
    return shapes.LeadPage(items=[telling.lead(row) for row in rows], next=following)


def _found(asked: LeadQuery) -> QuerySet[Lead]:
    plain = {
        "temperature": asked.temperature,
        "grid": asked.grid,
        "insufficient_data": asked.insufficient_data,
        "captured_at__gte": asked.captured_from,
        "captured_at__lt": asked.captured_to,
    }
    found = Lead.objects.filter(**{name: value for name, value in plain.items() if value is not None})
    found = found.filter(rung__in=asked.rung) if asked.rung else found
    found = found.filter(matching(asked.q)) if asked.q.strip() else found
    for name, model in (("source", Source), ("campaign", Campaign)):
        if said := getattr(asked, name).strip():
            found = found.filter(**{f"{name}__in": _named(model, said)})
    if asked.owner:
        found = found.filter(Q(owner=None) if asked.owner == "none" else Q(owner__email=asked.owner.strip().lower()))
    if asked.email:
        found = found.filter(_known_by(IdentityKind.EMAIL, email_identity(asked.email)))
    return found.filter(_known_by(IdentityKind.LEAD_ID, asked.lead_id.strip())) if asked.lead_id else found


def _named(model: type[Source] | type[Campaign], name: str) -> list[int]:
    """The rows of a name in any case; compared here, because SQLite lowers plain letters only."""
    rows = model._default_manager.values_list("pk", "name")
    return [pk for pk, known in rows if known.lower() == name.lower()]


def _known_by(kind: IdentityKind, value: str | None) -> Q:
    """The lead of an identity; none for an address that is none."""
    return Q(person__in=Identity.objects.filter(kind=kind, value=value or "").exclude(value="").values("person"))


def held(request: Asking, lead_id: int) -> shapes.WholeLead:
    """A lead as :func:`get_lead` tells it, which nobody else changes until the transaction ends."""
    Lead.objects.select_for_update().filter(pk=lead_id).first()
    return telling.whole(lead_id, request.auth.at)


@room.get("/leads/{lead_id}", Scope.LEADS_READ, shapes.WholeLead, etag=True)
def get_lead(request: Asking, lead_id: Number) -> shapes.WholeLead:
    """Read a lead.

    Both labels, the next step, the score with its parts, all facts, the deal of its present pass and the newest of
    what happened. The ETag is for If-Match.
    """
    return telling.whole(lead_id, request.auth.at)


class EventQuery(PageQuery):
    """Which events."""

    kind: Annotated[list[Kind], Field(max_length=4, default_factory=list)]


@room.get("/leads/{lead_id}/timeline", Scope.LEADS_READ, shapes.EventPage)
def get_timeline(request: Asking, lead_id: Number, asked: Query[EventQuery]) -> shapes.EventPage:
    """Read what happened with a lead.

    Signals, touches, corrected data and decisions, newest first.
    """
    row, _ = telling.standing(lead_id)
    before = None
    if asked.cursor:
        [said] = read_cursor(asked.cursor, ("timeline",))
        before = Place.read(str(said))
        if before is None:
            raise bad_cursor()
    events, more = timeline(row, asked.limit, asked.kind or list(Kind), before)
    following = next_page(request, ("timeline",), (str(more),)) if more else None
    return shapes.EventPage(items=[telling.event(entry) for entry in events], next=following)
