"""Deals listed, read, changed, and the points of a deal confirmed."""

from datetime import date
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from assay.actions import work
from assay.actions.deals import change_deal
from assay.api.caller import Asking
from assay.api.deals import shapes
from assay.api.deals.telling import deal
from assay.api.leads.finding import held
from assay.api.paging import PageQuery, page
from assay.api.room import Room
from assay.api.shapes import Amount, Currency, Number, Said, Text
from assay.domain import money
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.ladder import BANT, Desk
from assay.domain.tokens import Scope
from assay.records.models import Deal, Lead

room = Room("Deals")

SALES = frozenset({Desk.SALES})
ORDER = {"open": ("close_date", "pk"), "won": ("-closed_on", "pk"), "lost": ("-closed_on", "pk")}


class DealQuery(PageQuery):
    """Which deals: open ones by close date, or those that ended, the last first; with an owner only theirs."""

    outcome: Literal["open", "won", "lost"] = "open"
    owner: Annotated[str, Field(max_length=320, description="An email.")] = ""


@room.get("/deals", Scope.LEADS_READ, shapes.DealPage)
def list_deals(request: Asking, asked: Query[DealQuery]) -> shapes.DealPage:
    """List deals."""
    outcome = "" if asked.outcome == "open" else asked.outcome
    found = Deal.objects.filter(opened_at__isnull=False, outcome=outcome)
    found = found.filter(lead__owner__email=asked.owner.strip().lower()) if asked.owner.strip() else found
    rows, following = page(request, found, ORDER[asked.outcome], asked)
    return shapes.DealPage(items=[deal(row) for row in rows], next=following)


@room.get("/deals/{deal_id}", Scope.LEADS_READ, shapes.Deal, etag=True)
def get_deal(request: Asking, deal_id: Number) -> shapes.Deal:
    """Read a deal."""
    return deal(_known(deal_id))


def held_deal(request: Asking, deal_id: int) -> shapes.Deal:
    """A deal as :func:`get_deal` tells it, which nobody else changes until the transaction ends."""
    Lead.objects.select_for_update().filter(pk=_known(deal_id).lead_id).first()
    return get_deal(request, deal_id)


def _known(deal_id: int) -> Deal:
    row = Deal.objects.filter(pk=deal_id).first()
    if row is None:
        raise NotFound("unknown_deal", f"There is no deal {deal_id}.", "List them with GET /api/v1/deals")
    return row


class DealChange(Said):
    """What is to be changed; the rest stays."""

    value: Amount | None = None
    currency: Currency | None = None
    close_date: date | None = None


@room.post("/deals/{deal_id}", Scope.DEALS_WRITE, shapes.Deal, SALES, match=held_deal, method="PATCH")
def change(request: Asking, deal_id: Number, said: DealChange) -> shapes.Deal:
    """Change an open deal.

    Its owner or a manager may; what it said before is kept.
    """
    row = _known(deal_id)
    if row.pass_no != row.lead.pass_no:
        raise Refused("deal_over", f"Deal {deal_id} is of an earlier pass of its lead.", "It stays as it was.")
    change_deal(
        row.lead_id,
        request.auth.actor,
        request.auth.at,
        value=money.amount(said.value) if said.value else None,
        currency=money.currency(said.currency) if said.currency else None,
        close_date=said.close_date,
    )
    return get_deal(request, deal_id)


class Points(Said):
    """A note for each point that is confirmed; those without one stay as they are."""

    budget: Text = ""
    authority: Text = ""
    need: Text = ""
    timeline: Text = ""


@room.post("/leads/{lead_id}/confirm", Scope.DEALS_WRITE, shapes.Deal, SALES, match=held)
def confirm(request: Asking, lead_id: Number, said: Points) -> shapes.Deal:
    """Confirm budget, authority, need or timeline.

    Of an SQL or an open deal, each with a note.
    """
    notes = {point: note for point in BANT if (note := getattr(said, point)).strip()}
    if not notes:
        raise BadInput("nothing_to_confirm", "Nothing to confirm.", f"Give a note to one of {', '.join(BANT)}.")
    return deal(work.confirm(lead_id, request.auth.actor, notes))
