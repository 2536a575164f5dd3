"""What people call the things of the domain: facts, moves, rungs, touches and parts in buying."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assay.domain.erasure import Why
from assay.domain.identity import IdentityKind
from assay.domain.ladder import Desk, Rung
from assay.domain.policy import Policy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Text: TypeAlias = "str | StrPromise"

FACTS: Mapping[str, Text] = {
    "person.name": _("Name"),
    "person.first_name": _("First name"),
    "person.last_name": _("Last name"),
    "person.title": _("Title"),
    "person.email": _("Email"),
    "person.email_kind": _("Kind of mailbox"),
    "person.phone": _("Phone"),
    "company.name": _("Company"),
    "company.domain": _("Web domain"),
    "company.employees": _("Employees"),
    "company.industry": _("Industry"),
    "company.country": _("Country"),
    "company.revenue": _("Revenue"),
    "company.budget": _("Budget"),
    "lead.source": _("Source"),
    "lead.campaign": _("Campaign"),
    "deal.value": _("Value"),
    "deal.currency": _("Currency"),
    "deal.close_date": _("Close date"),
}

RUNGS: Mapping[str, Text] = {
    Rung.LEAD: _("lead"),
    Rung.MQL: "MQL",
    Rung.PQL: "PQL",
    Rung.SAL: "SAL",
    Rung.SQL: "SQL",
    Rung.OPPORTUNITY: _("opportunity"),
    Rung.WON: _("won"),
    Rung.LOST: _("lost"),
    Rung.DISQUALIFIED: _("disqualified"),
}

EMAIL_KINDS: Mapping[str, Text] = {
    "work": pgettext_lazy("mailbox", "work"),
    "free": pgettext_lazy("mailbox", "free"),
    "disposable": pgettext_lazy("mailbox", "disposable"),
}

TEMPERATURES: Mapping[str, Text] = {"hot": _("hot"), "warm": _("warm"), "cold": _("cold")}

DONE: Mapping[str, Text] = {
    "capture": _("Entered"),
    "promote": _("Sent to the gate"),
    "promote_product": _("Sent to the gate by the product"),
    "accept": _("Accepted by sales"),
    "qualify": _("Qualified"),
    "reject": _("Rejected by sales"),
    "open_deal": _("Deal opened"),
    "win": _("Deal won"),
    "lose": _("Deal lost"),
    "disqualify": _("Disqualified"),
    "recycle": _("Given back to marketing"),
    "reopen": _("Reopened"),
    "withdraw": _("Taken back by marketing"),
    "assign": _("Given to another owner"),
}

MOVES: Mapping[str, Text] = {
    "capture": pgettext_lazy("move", "enter"),
    "promote": pgettext_lazy("move", "promote"),
    "promote_product": pgettext_lazy("move", "promote by the product"),
    "accept": pgettext_lazy("move", "accept"),
    "qualify": pgettext_lazy("move", "qualify"),
    "reject": pgettext_lazy("move", "reject"),
    "open_deal": pgettext_lazy("move", "open a deal"),
    "win": pgettext_lazy("move", "win"),
    "lose": pgettext_lazy("move", "lose"),
    "disqualify": pgettext_lazy("move", "disqualify"),
    "recycle": pgettext_lazy("move", "recycle"),
    "reopen": pgettext_lazy("move", "reopen"),
    "withdraw": pgettext_lazy("move", "take back"),
    "assign": pgettext_lazy("move", "assign"),
}
"""Moves as something to do, for the middle of a sentence."""

DESKS: Mapping[str, Text] = {
    Desk.INTAKE: pgettext_lazy("desk", "intake"),
    Desk.POLICY: pgettext_lazy("desk", "the policy"),
    Desk.MARKETING: pgettext_lazy("desk", "marketing"),
    Desk.SALES: pgettext_lazy("desk", "sales"),
}

SYSTEM: Mapping[str, Text] = {
    "policy": pgettext_lazy("who", "policy"),
    "intake": pgettext_lazy("who", "intake"),
}
"""Who decides when nobody does, by the name in the ledger."""

TOUCHES: Mapping[str, Text] = {
    "call": _("Call"),
    "email": _("Email"),
    "meeting": _("Meeting"),
    "other": _("Other contact"),
}

ROBOTS: Mapping[str, Text] = {
    "crawler": _("by a robot: weighs nothing"),
    "headless": _("by a browser without a screen, which is a robot: weighs nothing"),
    "scanner_soon": _("by a mail scanner, within seconds of the delivery: weighs nothing"),
    "scanner_burst": _("by a mail scanner, three links within two seconds: weighs nothing"),
    "scanner_all": _("by a mail scanner, every link of the mail: weighs nothing"),
}
"""Why a signal counts as a robot's."""

WHY_ERASED: Mapping[str, Text] = {
    Why.ASKED: _("They asked for it"),
    Why.WITHDREW: _("They took back their consent"),
    Why.UNFOUNDED: _("There was never a basis to keep it"),
    Why.NO_LONGER_NEEDED: _("It is needed no longer"),
}

ON_RECORD: Mapping[str, Text] = {
    "Identity": _("Addresses and ids"),
    "Signal": _("Signals"),
    "Touch": _("Contacts"),
    "Decision": _("Decisions"),
    "Edit": _("Corrections"),
    "Deal": _("Deals"),
    "Quarantine": _("Refused rows"),
}
"""What is on record about somebody, by table: those of which people have a word."""

ROLES: Mapping[str, Text] = {
    "decision_maker": _("Decision maker"),
    "champion": _("Champion"),
    "influencer": _("Influencer"),
    "user": _("User"),
    "blocker": _("Blocker"),
    "unknown": _("Not known"),
}

BANT: Mapping[str, Text] = {
    "budget": _("Budget"),
    "authority": _("Authority"),
    "need": _("Need"),
    "timeline": _("Timeline"),
}

IDENTITIES: Mapping[str, Text] = {
    IdentityKind.EMAIL: _("Email"),
    IdentityKind.LEAD_ID: _("Your own id"),
    IdentityKind.USER: _("User id"),
    IdentityKind.VISITOR: _("Browser"),
    IdentityKind.PHONE: _("Phone"),
    IdentityKind.ROW: _("Row of a file"),
}
"""What somebody is known by."""

WHY_MERGED: Mapping[str, Text] = {
    "merged by hand": _("merged by hand"),
    "their ids came together": _("their ids came together"),
}
"""What the program says of a merge when nobody gave a reason."""

REASONS: Mapping[str, str] = {
    "reject": "rejection",
    "disqualify": "disqualification",
    "recycle": "recycle",
    "lose": "loss",
}
"""Which of the policy's lists of reasons a move takes one from."""


def fact(key: str) -> str:
    """A fact's name: ours, or for a further column of somebody's file, that column's."""
    return str(FACTS.get(key) or key.partition(".")[2].replace("_", " ").capitalize())


def fact_called(name: str) -> str:
    """A fact named without what it is about, such as ``first name``."""
    own = name.lower().replace(" ", "_")
    return next((str(FACTS[key]) for root in ("person", "company") if (key := f"{root}.{own}") in FACTS), name)


def facts(keys: Iterable[str]) -> list[str]:
    """The names of facts."""
    return [fact(key) for key in keys]


def reasons(policy: Policy, move: str) -> Mapping[str, str]:
    """The reasons a move may give, by code; empty for a move that takes none."""
    listed: Mapping[str, str] = getattr(policy.gate.reasons, REASONS[move]) if move in REASONS else {}
    return listed


def reason(policy: Policy, move: str, code: str) -> str:
    """The sentence of a reason; a code that the policy no longer lists stands for itself."""
    return reasons(policy, move).get(code, code.replace("_", " "))


STATED = {
    "identify": _("Said who they are"),
    "group": _("Said which company"),
    "alias": _("Got another id"),
}
"""What calls say that are no behaviour."""


def signal(policy: Policy, kind: str) -> str:
    """What a kind of signal is called in the policy; one it does not list is called by its own name."""
    known = policy.intent.signals.get(kind)
    if kind in STATED:
        return str(STATED[kind])
    return known.label if known else kind.replace("_", " ").capitalize()
