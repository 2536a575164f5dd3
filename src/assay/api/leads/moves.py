"""The moves of the ladder: the same verbs, with the same rights, as from the pages and the shell."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.db.models import F
from pydantic import Field

from assay.actions import gate, work
from assay.actions.actors import user_by_email
from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.leads.finding import held
from assay.api.leads.shapes import Moved
from assay.api.leads.telling import moved
from assay.api.room import Room
from assay.api.shapes import Amount, Currency, Number, Said, Text
from assay.domain import money
from assay.domain.errors import BadInput
from assay.domain.ladder import LADDER, Desk
from assay.domain.tokens import Scope
from assay.records.models import Deal

room = Room("Moves of the ladder")

PEOPLE = frozenset({Desk.MARKETING, Desk.SALES})
Why = Annotated[str, Field(max_length=10_000, description="Why, in words.")]
Reason = Annotated[str, Field(max_length=100, description="A code of the policy: GET /api/v1/policy lists them.")]


def desks_of(move: str) -> frozenset[Desk]:
    """The desks of people that decide a move from any rung."""
    return frozenset[Desk]().union(*(row.desks for row in LADDER if row.name == move)) & PEOPLE


class Because(Said):
    """A reason in words."""

    text: Why


class WithReason(Said):
    """A reason of the policy; "other" needs a text."""

    reason: Reason
    text: Why = ""


class Acceptance(Said):
    """Who takes the lead, by email: whoever asks, unless a manager names another."""

    owner: Annotated[str, Field(max_length=320)] | None = None
    fit_note: Text = ""
    intent_note: Text = ""


class Vetting(Said):
    """What speaks for its fit and for its interest."""

    fit_note: Text
    intent_note: Text


class Recycling(WithReason):
    """A reason of the policy and, if there is one, the day to look again."""

    look_again: date | None = None


class Opening(Said):
    """The deal. Points confirmed before need not be repeated; the currency is the policy's where none is said."""

    value: Amount
    currency: Currency | None = None
    close_date: date
    budget: Text = ""
    authority: Text = ""
    need: Text = ""
    timeline: Text = ""


class Winning(Said):
    """What it brings, the deal's value where nothing is said, and the day it was won, today where nothing is said."""

    value: Amount | None = None
    closed_on: date | None = None


class Losing(WithReason):
    """A reason of the policy, and the day it was lost: today where nothing is said."""

    closed_on: date | None = None


@room.post("/leads/{lead_id}/promote", Scope.GATE, Moved, desks_of("promote"), match=held)
def promote(request: Asking, lead_id: Number, said: Because) -> Moved:
    """Send a lead to the gate against its score.

    The audit counts it.
    """
    by, at = request.auth.actor, request.auth.at
    return moved(gate.promote(lead_id, by, at, text=said.text), at)


@room.post("/leads/{lead_id}/withdraw", Scope.GATE, Moved, desks_of("withdraw"), match=held)
def withdraw(request: Asking, lead_id: Number, said: Because) -> Moved:
    """Take a lead back from the gate."""
    by, at = request.auth.actor, request.auth.at
    return moved(gate.withdraw(lead_id, by, at, text=said.text), at)


@room.post("/leads/{lead_id}/accept", Scope.GATE, Moved, desks_of("accept"), match=held)
def accept(request: Asking, lead_id: Number, said: Acceptance = Acceptance()) -> Moved:  # noqa: B008 - never changed
    """Take a lead over from marketing.

    Where the policy says that to accept is to qualify, it becomes an SQL in the same act. A program with a role of its
    own is nobody's colleague: it names the owner, and needs a manager's role for that.
    """
    by, at = request.auth.actor, request.auth.at
    owner = user_by_email(said.owner) if said.owner else None
    notes = {"fit_note": said.fit_note, "intent_note": said.intent_note}
    return moved(gate.accept(lead_id, by, at, owner=owner, **notes), at)


@room.post("/leads/{lead_id}/reject", Scope.GATE, Moved, desks_of("reject"), match=held)
def reject(request: Asking, lead_id: Number, said: WithReason) -> Moved:
    """Return a lead to marketing with a reason.

    It rests and is nurtured.
    """
    by, at = request.auth.actor, request.auth.at
    return moved(gate.reject(lead_id, by, at, reason=said.reason, text=said.text), at)


@room.post("/leads/{lead_id}/qualify", Scope.GATE, Moved, desks_of("qualify"), match=held)
def qualify(request: Asking, lead_id: Number, said: Vetting) -> Moved:
    """Say that fit and intent were vetted."""
    by, at = request.auth.actor, request.auth.at
    return moved(gate.qualify(lead_id, by, at, fit_note=said.fit_note, intent_note=said.intent_note), at)


@room.post("/leads/{lead_id}/disqualify", Scope.GATE, Moved, desks_of("disqualify"), match=held)
def disqualify(request: Asking, lead_id: Number, said: WithReason) -> Moved:
    """Take a lead out until it is reopened.

    Marketing before the gate, sales after it.
    """
    by, at = request.auth.actor, request.auth.at
    return moved(work.disqualify(lead_id, by, at, reason=said.reason, text=said.text), at)


@room.post("/leads/{lead_id}/recycle", Scope.GATE, Moved, desks_of("recycle"), match=held)
def recycle(request: Asking, lead_id: Number, said: Recycling) -> Moved:
    """Give a lead back to marketing for its next pass."""
    by, at = request.auth.actor, request.auth.at
    decision = work.recycle(lead_id, by, at, reason=said.reason, text=said.text, look_again=said.look_again)
    return moved(decision, at)


@room.post("/leads/{lead_id}/reopen", Scope.GATE, Moved, desks_of("reopen"), match=held)
def reopen(request: Asking, lead_id: Number, said: Because) -> Moved:
    """Bring back a disqualified lead or a customer for the next pass."""
    by, at = request.auth.actor, request.auth.at
    return moved(work.reopen(lead_id, by, at, text=said.text), at)


@room.post("/leads/{lead_id}/open_deal", Scope.DEALS_WRITE, Moved, desks_of("open_deal"), match=held)
def open_deal(request: Asking, lead_id: Number, said: Opening) -> Moved:
    """Attach a deal.

    Needs contact made, and budget, authority, need and timeline each confirmed with a note.
    """
    by, at = request.auth.actor, request.auth.at
    decision = work.open_deal(
        lead_id,
        by,
        at,
        value=money.amount(said.value),
        currency=money.currency(said.currency or rule(at).policy.currency),
        close_date=said.close_date,
        bant={"budget": said.budget, "authority": said.authority, "need": said.need, "timeline": said.timeline},
    )
    return moved(decision, at)


@room.post("/leads/{lead_id}/win", Scope.DEALS_WRITE, Moved, desks_of("win"), match=held)
def win(request: Asking, lead_id: Number, said: Winning = Winning()) -> Moved:  # noqa: B008 - never changed
    """The deal was won."""
    by, at = request.auth.actor, request.auth.at
    value = money.amount(said.value) if said.value else _value_of(lead_id)
    return moved(work.win(lead_id, by, at, value=value, closed_on=said.closed_on or _today(at)), at)


@room.post("/leads/{lead_id}/lose", Scope.DEALS_WRITE, Moved, desks_of("lose"), match=held)
def lose(request: Asking, lead_id: Number, said: Losing) -> Moved:
    """The deal was lost."""
    by, at = request.auth.actor, request.auth.at
    if said.closed_on and said.closed_on > _today(at):
        raise BadInput("bad_date", f"{said.closed_on} is in the future.", "Give the day it was lost.")
    return moved(work.lose(lead_id, by, at, reason=said.reason, text=said.text, closed_on=said.closed_on), at)


def _value_of(lead_id: int) -> Decimal:
    """The value of a lead's open deal; zero, which no win accepts, where there is none."""
    deal = Deal.objects.filter(lead=lead_id, pass_no=F("lead__pass_no")).first()
    return (deal and deal.value) or Decimal(0)


def _today(at: datetime) -> date:
    return at.astimezone(rule(at).policy.zone).date()
