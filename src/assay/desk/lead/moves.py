"""The moves somebody may make from here: what each means, what it asks for, and what still stands in its way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assay.actions.actors import Actor
from assay.actions.moves import Standing, same_owner
from assay.desk import words
from assay.desk.lead.forms import DealForm, LossForm, OwnerForm, RecycleForm, TextForm, VettedForm, WinForm
from assay.desk.reasons import ReasonForm
from assay.desk.telling import told
from assay.domain import ladder
from assay.domain.errors import MoveRefused
from assay.domain.ladder import BANT, Case, Desk, Request, Rung
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.records.models import Lead, User
from assay.records.routing import Offer as Held

Form = TypeVar("Form", bound=forms.Form)


class Wording(NamedTuple):
    """What a move is called as something to do, and what follows from it."""

    title: words.Text
    means: words.Text
    style: str = ""


WORDING: Mapping[str, Wording] = {
    "accept": Wording(_("Accept"), _("Sales takes the lead over; it is pursued from now on."), "main"),
    "qualify": Wording(_("Qualify"), _("You have looked at fit and interest yourself: pursue it."), "main"),
    "open_deal": Wording(_("Open a deal"), _("Budget, authority, need and timeline are confirmed."), "main"),
    "win": Wording(_("Won"), _("The deal is closed: they are a customer."), "main"),
    "promote": Wording(_("Send to the gate"), _("Against the score, with your reason; the audit counts it.")),
    "reject": Wording(_("Reject"), _("Back to marketing with a reason; it rests, then is nurtured."), "bad"),
    "withdraw": Wording(_("Take back"), _("Marketing takes it back from the gate and says why.")),
    "recycle": Wording(_("Recycle"), _("Right company, wrong time: back to marketing, for another try.")),
    "lose": Wording(_("Lost"), _("The deal is over; say why, so that the rule learns."), "bad"),
    "disqualify": Wording(_("Disqualify"), _("Taken out until somebody reopens it."), "bad"),
    "reopen": Wording(_("Reopen"), _("It starts again as a lead, on its next pass.")),
}


KEYS: Mapping[str, str] = {"accept": "a", "reject": "r"}


class Setting(NamedTuple):
    """What the forms of moves need to know."""

    policy: Policy
    here: Standing
    sellers: Sequence[User]
    today: object
    held: Held | None = None
    """The offer of the lead, where it is held for somebody else."""


def _accept(data: QueryDict | None, setting: Setting) -> forms.Form:
    return OwnerForm(setting.sellers, data) if setting.sellers else forms.Form(data)


def _deal(data: QueryDict | None, setting: Setting) -> forms.Form:
    deal = setting.here.deal
    return DealForm(data, initial={"currency": setting.policy.currency, **(deal.bant if deal else {})})


def _win(data: QueryDict | None, setting: Setting) -> forms.Form:
    deal = setting.here.deal
    return WinForm(data, initial={"value": plainly(deal.value) if deal else None, "closed_on": setting.today})


def plainly(value: Decimal | None) -> str:
    """An amount as one would type it: without cents where there are none."""
    if value is None:
        return ""
    return str(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)


def _with_reason(move: str, form: type[ReasonForm] = ReasonForm) -> Callable[[QueryDict | None, Setting], forms.Form]:
    return lambda data, setting: form(words.reasons(setting.policy, move), data)


FORMS: Mapping[str, Callable[[QueryDict | None, Setting], forms.Form]] = {
    "accept": _accept,
    "qualify": lambda data, setting: VettedForm(data),
    "open_deal": _deal,
    "win": _win,
    "promote": lambda data, setting: TextForm(data),
    "reject": _with_reason("reject"),
    "withdraw": lambda data, setting: TextForm(data),
    "recycle": _with_reason("recycle", RecycleForm),
    "lose": _with_reason("lose", LossForm),
    "disqualify": _with_reason("disqualify"),
    "reopen": lambda data, setting: TextForm(data),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move on the page. ``blocked`` says what has to happen first; filling in the form would not be enough."""

    move: str
    wording: Wording
    form: forms.Form
    blocked: Sequence[str]
    open: bool

    @property
    def key(self) -> str:
        """The key that presses it, the same as in the inbox."""
        return KEYS.get(self.move, "")


def offers(by: Actor, setting: Setting, now: datetime, bound: Mapping[str, forms.Form]) -> list[Offer]:
    """The moves of the ladder from here that this person decides, the main one first.

    ``bound`` are forms that were sent and could not be taken, by move.
    """
    rows = () if is_anothers(setting.here.lead, by) else ladder.moves_from(Rung(setting.here.lead.rung), by.desks)
    offered = [
        Offer(
            row.name,
            WORDING[row.name],
            named(bound.get(row.name) or FORMS[row.name](None, setting), row.name),
            _in_the_way(row, setting, now),
            row.name in bound,
        )
        for row in rows
    ]
    return sorted(offered, key=lambda offer: list(WORDING).index(offer.move))


def is_anothers(lead: Lead, by: Actor) -> bool:
    """Whether somebody else works this lead, so that this person may only look."""
    try:
        same_owner(lead, by, "move")
    except MoveRefused:
        return True
    return False


def named(form: Form, name: str) -> Form:
    """The form with ids of its own: several stand on one page and ask for things of the same name."""
    form.auto_id = f"{name}-%s"
    return form


def _in_the_way(row: ladder.Move, setting: Setting, now: datetime) -> list[str]:
    """The guards that would fail even if everything the form asks for were filled in."""
    case = Case(setting.here.situation, _filled_in(row.name, setting.policy, now), setting.policy, now)
    failing = [sentence for _, sentence in ladder.failing_guards(row, case)]
    if setting.held and Desk.SALES in row.desks:
        failing.append(Phrase("It is offered to {owner}.", owner=str(setting.held.to)))
    return [told(sentence) for sentence in failing]


def _filled_in(move: str, policy: Policy, now: datetime) -> Request:
    """A request that has all a person can type."""
    return Request(
        owner="somebody",
        reason=next(iter(words.reasons(policy, move)), ""),
        text="said",
        fit_note="said",
        intent_note="said",
        bant=dict.fromkeys(BANT, "said"),
        value=Decimal(1),
        currency=policy.currency,
        close_date=now.astimezone(policy.zone).date(),
    )
