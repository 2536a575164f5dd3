"""Working an accepted lead: touches, BANT, the deal, and how it ends."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet

from assay.actions.actors import Actor, in_sales
from assay.actions.giving import give
from assay.actions.moves import make_move, same_owner, standing
from assay.actions.policies import rule
from assay.actions.writing import upsert
from assay.domain.errors import BadInput, MoveRefused, NotFound
from assay.domain.ladder import BANT, OPEN_SALES, Desk, Request, Rung
from assay.domain.phrase import Phrase
from assay.records.decisions import TouchKind
from assay.records.models import Deal, Decision, Offer, Pass, Touch, User
from assay.records.routing import Ended


@transaction.atomic
def log_touch(
    lead_id: int,
    by: Actor,
    at: datetime,
    *,
    kind: str,
    reached: bool,
    note: str = "",
    automatic: bool = False,
) -> Touch:
    """Record a call, email or meeting. A human one counts as an attempt; ``reached`` means it was two-way.

    Raises BadInput for an unknown kind, MoveRefused for someone who works no leads.
    """
    if kind not in list(TouchKind):
        raise BadInput("unknown_touch", f'"{kind}" is no kind of touch.', f"Use one of {', '.join(TouchKind)}.")
    by.needs_a_desk("log a touch")
    here = standing(lead_id)
    same_owner(here.lead, by, "log a touch with")
    touch = Touch.objects.create(
        lead=here.lead, pass_no=here.lead.pass_no, kind=kind, at=at, by_id=by.user_id, by_name=by.name,
        reached=reached, automatic=automatic, note=note,
    )  # fmt: skip
    if not automatic:
        _count_touch(here.current, at, reached)
        drop_offers(lead_id, at)
    return touch


def _count_touch(current: Pass, at: datetime, reached: bool) -> None:
    current.first_touch_at = min(filter(None, (current.first_touch_at, at)))
    if reached:
        current.contacted_at = min(filter(None, (current.contacted_at, at)))
    else:
        current.attempts = F("attempts") + 1
    current.save(update_fields=["first_touch_at", "contacted_at", "attempts"])


@transaction.atomic
def confirm(lead_id: int, by: Actor, notes: Mapping[str, str]) -> Deal:
    """Confirm budget, authority, need or timeline, each with a note; on an SQL or an open deal."""
    by.needs(Desk.SALES, "confirm a deal's points")
    _known_points(notes)
    here = standing(lead_id)
    same_owner(here.lead, by, "confirm points of")
    if here.lead.rung not in (Rung.SQL, Rung.OPPORTUNITY):
        raise MoveRefused(
            "wrong_rung",
            Phrase("A lead on rung {rung} has no deal to confirm.", rung=Rung(here.lead.rung)),
            Phrase("Accept it first."),
        )
    deal = here.deal or Deal(lead=here.lead, pass_no=here.lead.pass_no, company_id=here.lead.company_id)
    for point, note in notes.items():
        setattr(deal, point, note.strip())
    blank = tuple(point for point, note in deal.bant.items() if not note)
    if deal.opened_at and blank:
        raise BadInput(
            "blank_point",
            Phrase("An open deal needs a note on {point}.", point=blank),
            Phrase("Say what was confirmed."),
        )
    deal.save()
    return deal


def _known_points(notes: Mapping[str, str]) -> None:
    if strange := sorted(set(notes) - set(BANT)):
        raise BadInput("unknown_point", f"{', '.join(strange)} is not one of {', '.join(BANT)}.")


@transaction.atomic
def open_deal(
    lead_id: int,
    by: Actor,
    at: datetime,
    *,
    value: Decimal,
    currency: str,
    close_date: date,
    bant: Mapping[str, str],
) -> Decision:
    """Attach a deal to a qualified prospect. ``bant`` adds notes to those confirmed before."""
    _known_points(bant)
    here = standing(lead_id)
    notes = (here.deal.bant if here.deal else {}) | {
        point: note.strip() for point, note in bant.items() if note.strip()
    }
    request = Request(bant=notes, value=value, currency=currency.strip().upper(), close_date=close_date)
    whole = bool(all(notes.get(point) for point in BANT) and value.is_finite() and value > 0 and request.currency)
    if here.lead.rung == Rung.SQL and whole:
        # The database wants the deal before the rung; a guard that says no takes both back.
        deal = Deal(
            lead=here.lead, pass_no=here.lead.pass_no, company_id=here.lead.company_id, opened_at=at,
            value=value, currency=request.currency, close_date=close_date, **notes,
        )  # fmt: skip
        upsert(Deal, [deal], ["lead", "pass_no"], [*BANT, "opened_at", "value", "currency", "close_date"])
    return make_move("open_deal", lead_id, by, at, request)


@transaction.atomic
def win(lead_id: int, by: Actor, at: datetime, *, value: Decimal, closed_on: date) -> Decision:
    """The deal was won: actual value and date."""
    decision = make_move("win", lead_id, by, at, Request(value=value, close_date=closed_on))
    _deal(decision).update(outcome="won", actual_value=value, closed_on=closed_on)
    return decision


@transaction.atomic
def lose(
    lead_id: int, by: Actor, at: datetime, *, reason: str, text: str = "", closed_on: date | None = None
) -> Decision:
    """The deal was lost, with a reason of the policy's loss list."""
    decision = make_move("lose", lead_id, by, at, Request(reason=reason, text=text))
    _deal(decision).update(outcome="lost", reason=reason, closed_on=closed_on or _day(at))
    return decision


def disqualify(lead_id: int, by: Actor, at: datetime, *, reason: str, text: str = "") -> Decision:
    """Take a lead out until reopened: marketing before the gate, sales after it."""
    return make_move("disqualify", lead_id, by, at, Request(reason=reason, text=text))


def recycle(
    lead_id: int, by: Actor, at: datetime, *, reason: str, text: str = "", look_again: date | None = None
) -> Decision:
    """Give a lead back to marketing for its next pass, optionally with a date to look again."""
    if look_again is not None and look_again <= _day(at):
        raise BadInput(
            "look_again_past",
            Phrase("{day} is not in the future.", day=look_again),
            Phrase("Give a later date to look again."),
        )
    return make_move("recycle", lead_id, by, at, Request(reason=reason, text=text, look_again=look_again))


def reopen(lead_id: int, by: Actor, at: datetime, *, text: str) -> Decision:
    """Bring a disqualified lead or a customer back for its next pass, and say why."""
    return make_move("reopen", lead_id, by, at, Request(text=text))


@transaction.atomic
def assign(lead_id: int, by: Actor, at: datetime, owner_id: int) -> Decision:
    """Give an accepted lead to another salesperson: its owner or a manager may. The ledger says so."""
    by.needs(Desk.SALES, "assign a lead")
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    if owner is None:
        raise NotFound("unknown_user", Phrase("There is no user {user}.", user=str(owner_id)))
    in_sales(owner)
    here = standing(lead_id)
    if not by.manages and here.lead.rung not in OPEN_SALES:
        raise MoveRefused(
            "not_accepted",
            Phrase("{who} cannot assign lead {lead}: sales has not accepted it.", who=by.name, lead=str(lead_id)),
        )
    if not by.manages and here.lead.owner_id not in (None, by.user_id):
        raise MoveRefused(
            "not_yours",
            Phrase(
                "{who} cannot assign lead {lead}: it belongs to {owner}.",
                who=by.name,
                lead=str(lead_id),
                owner=str(here.lead.owner),
            ),
        )
    drop_offers(lead_id, at)
    return give(here, owner, by, at)


def drop_offers(lead_id: int, at: datetime) -> None:
    """Nobody is offered a lead any more that somebody sees to."""
    Offer.objects.filter(lead=lead_id, ended="").update(ended=Ended.MOOT, ended_at=at)


def _day(at: datetime) -> date:
    """The calendar day where the policy is at home."""
    return at.astimezone(rule(at).policy.zone).date()


def _deal(decision: Decision) -> QuerySet[Deal]:
    return Deal.objects.filter(lead_id=decision.lead_id, pass_no=decision.pass_no)
