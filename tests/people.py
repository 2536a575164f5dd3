"""The people tests know, and leads on any rung: all made by the actions that make them in real life."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from assay.actions import gate, policies, work
from assay.actions.actors import INTAKE, Actor, actor
from assay.actions.capture import capture
from assay.actions.signals import record_signals
from assay.actions.users import add_user
from assay.actions.writing import in_transaction
from assay.domain.contact import company_domain, email_identity, email_kind
from assay.domain.ladder import Desk, Rung
from assay.domain.policy import Policy
from assay.domain.roles import Role
from assay.domain.rows import LeadRow, SignalRow
from assay.records.models import Lead, Person, PolicyVersion, User

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
"""A Wednesday morning at work, in UTC and in the default policy's Paris alike."""

PASSWORD = "a password only tests know"
NOBODY = Actor("Nobody", frozenset())
"""Someone who sits at no desk and has no account."""


def mara() -> User:
    """The marketer."""
    return _user("Mara", Role.MARKETER)


def sam() -> User:
    """A sales rep; owns what the builders below accept."""
    return _user("Sam", Role.REP)


def sia() -> User:
    """Another sales rep."""
    return _user("Sia", Role.REP)


def max_() -> User:
    """The sales manager; the underscore because Python has a max already."""
    return _user("Max", Role.MANAGER)


def ada() -> User:
    """The admin."""
    return _user("Ada", Role.ADMIN)


def vic() -> User:
    """The viewer."""
    return _user("Vic", Role.VIEWER)


def _user(name: str, role: Role) -> User:
    email = f"{name.lower()}@assay.example"
    return User.objects.filter(email=email).first() or add_user(email, role, name=name, password=PASSWORD)


# --- Rows, as intake hands them in ---------------------------------------------------------------

PERFECT: Mapping[str, Any] = {
    "name": "Nina North",
    "title": "Head of Operations",
    "company": "North",
    "employees": 120,
    "industry": "Software",
    "country": "FR",
    "budget": 20_000,
    "source": "Website",
}
"""Matches every criterion of the default policy: fit 100."""
BANT = {
    "budget": "20k set aside",
    "authority": "signs herself",
    "need": "two tools to replace",
    "timeline": "before June",
}


def a_row(email: str | None = "nina@north.example", **said: Any) -> LeadRow:
    """A lead of perfect fit, except for what is said otherwise; None leaves a field blank."""
    key = email_identity(email) if email else None
    derived = {"email_key": key, "email_kind": email_kind(key) if key else None, "domain": company_domain(email or "")}
    return LeadRow(email=email, **{**derived, **PERFECT, **said})


def a_signal(kind: str, at: datetime = NOW, email: str | None = None, **said: Any) -> SignalRow:
    """One signal of somebody; without a ``message_id`` its content is its identity."""
    key = email_identity(email) if email else None
    whose = key or said.get("lead_id") or said.get("visitor_id")
    return SignalRow(
        **{"message_id": f"{kind} {whose} {at.isoformat()}", "at": at, "kind": kind, "email_key": key, **said}
    )


# --- Leads, as they came to where they are -------------------------------------------------------


def a_lead(at: datetime = NOW, **said: Any) -> Lead:
    """A lead of perfect fit that has done nothing yet, with an address of its own."""
    row = a_row(**{"email": f"person{Person.objects.count()}@north.example", **said})
    [pk] = in_transaction(lambda: capture([row], INTAKE, at)).created
    return Lead.objects.get(pk=pk)


def observe(lead: Lead, *kinds: str, at: datetime = NOW) -> Lead:
    """The lead after signals of these kinds came in from its address."""
    rows = [a_signal(kind, at, lead.person.email) for kind in kinds]
    in_transaction(lambda: record_signals(rows, at))
    return Lead.objects.get(pk=lead.pk)


def an_mql(at: datetime = NOW, **said: Any) -> Lead:
    """A lead the policy promoted, because it fits and asked for a demo."""
    return a_lead_on(Rung.MQL, at, **said)


def an_sql(at: datetime = NOW, **said: Any) -> Lead:
    """A lead that Sam accepted."""
    return a_lead_on(Rung.SQL, at, **said)


def an_opportunity(at: datetime = NOW, **said: Any) -> Lead:
    """A lead with whom Sam spoke and opened a deal."""
    return a_lead_on(Rung.OPPORTUNITY, at, **said)


def a_lead_on(rung: Rung, at: datetime = NOW, **said: Any) -> Lead:
    """A lead that came to this rung the usual way, all of it at one time, with Sam at the sales desk."""
    if rung is Rung.SAL and policies.rule(at).policy.gate.accept_is_sql:
        accept_apart_from_qualify(at)
    lead = a_lead(at, **said)
    for step in _WAY[rung]:
        step(lead, at)
    lead = Lead.objects.get(pk=lead.pk)
    assert lead.rung == rung
    return lead


def _asks_for_a_demo(lead: Lead, at: datetime) -> None:
    observe(lead, "demo_request", at=at)


def _reaches_a_milestone(lead: Lead, at: datetime) -> None:
    observe(lead, "product_milestone", at=at)


def _is_accepted(lead: Lead, at: datetime) -> None:
    gate.accept(lead.pk, actor(sam()), at)


def _is_qualified(lead: Lead, at: datetime) -> None:
    if not policies.rule(at).policy.gate.accept_is_sql:
        gate.qualify(lead.pk, actor(sam()), at, fit_note="our size", intent_note="asked for a demo")


def _is_reached(lead: Lead, at: datetime) -> None:
    work.log_touch(lead.pk, actor(sam()), at, kind="call", reached=True)


def _gets_a_deal(lead: Lead, at: datetime) -> None:
    value, day = Decimal(12_000), at.date()
    work.open_deal(lead.pk, actor(sam()), at, value=value, currency="EUR", close_date=day, bant=BANT)


def _is_won(lead: Lead, at: datetime) -> None:
    work.win(lead.pk, actor(sam()), at, value=Decimal(11_000), closed_on=at.date())


def _is_lost(lead: Lead, at: datetime) -> None:
    work.lose(lead.pk, actor(sam()), at, reason="price")


def _is_disqualified(lead: Lead, at: datetime) -> None:
    work.disqualify(lead.pk, actor(mara()), at, reason="wrong_fit")


_QUALIFIED = (_asks_for_a_demo, _is_accepted, _is_qualified)
_OPEN = (*_QUALIFIED, _is_reached, _gets_a_deal)
_WAY: Mapping[Rung, tuple[Callable[[Lead, datetime], None], ...]] = {
    Rung.LEAD: (),
    Rung.MQL: (_asks_for_a_demo,),
    Rung.PQL: (_reaches_a_milestone,),
    Rung.SAL: (_asks_for_a_demo, _is_accepted),
    Rung.SQL: _QUALIFIED,
    Rung.OPPORTUNITY: _OPEN,
    Rung.WON: (*_OPEN, _is_won),
    Rung.LOST: (*_OPEN, _is_lost),
    Rung.DISQUALIFIED: (_is_disqualified,),
}


# --- Rules, as both teams agree on them ----------------------------------------------------------


def a_rule(*changes: tuple[str, str], at: datetime = NOW) -> PolicyVersion:
    """A new version, signed by Mara and Sam and published: the rule in force with each (old, new) text changed."""
    text = policies.rule(at).policy.text
    for old, new in changes:
        assert old in text, f"the rule in force does not say {old}"
        text = text.replace(old, new)
    policy = Policy.parse(text)
    policies.sign(policy, actor(mara()), Desk.MARKETING, at)
    version = policies.sign(policy, actor(sam()), Desk.SALES, at)
    return policies.publish(version.pk, actor(mara()), at)


def accept_apart_from_qualify(at: datetime = NOW) -> PolicyVersion:
    """The rule under which accepting makes a SAL, and qualifying it is a second act."""
    return a_rule(("accept_is_sql = true", "accept_is_sql = false"), at=at)
