"""One deal, or the prospect that may become one: what is confirmed, and what may be done with it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django import forms
from django.http import Http404, QueryDict

from assay.actions.actors import Actor
from assay.desk import words
from assay.desk.deals.board import Card, card
from assay.desk.deals.forms import ChangeForm
from assay.desk.lead.forms import BantForm, DealForm, LossForm, WinForm
from assay.domain.ladder import Desk, Rung
from assay.domain.policy import Policy
from assay.records.models import Deal, Edit, Lead, Pass

Forms = Mapping[str, forms.Form]


@dataclass(frozen=True, slots=True)
class DealPage:
    """A deal with its history. ``forms`` are what this reader may do with it now, by name."""

    lead: Lead
    card: Card
    contacted: bool
    forms: Forms
    edits: list[Edit]
    reason: str


def load(lead_id: int) -> tuple[Lead, Deal | None]:
    """The lead and the deal of its current pass. Raises Http404 where sales never had it."""
    lead = Lead.objects.select_related("person", "company", "owner").filter(pk=lead_id).first()
    if lead is None:
        raise Http404
    deal = Deal.objects.filter(lead=lead, pass_no=lead.pass_no).first()
    if deal is None and lead.rung != Rung.SQL:
        raise Http404
    return lead, deal


def deal_page(lead: Lead, deal: Deal | None, by: Actor, policy: Policy, now: datetime, tried: Forms) -> DealPage:
    """The page. ``tried`` are forms somebody filled in and that could not be taken."""
    contacted = Pass.objects.filter(lead=lead, number=lead.pass_no, contacted_at__isnull=False).exists()
    shown = card(lead, deal, None if by.manages else by.user_id or 0)
    names = _offered(lead) if shown.mine and Desk.SALES in by.desks else ()
    offered = {name: tried.get(name) or form_of(name, deal, policy, now) for name in names}
    edits = list(Edit.objects.filter(lead=lead, field__startswith="deal.").order_by("-at", "-pk")[:20])
    reason = words.reason(policy, "lose", deal.reason) if deal and deal.reason else ""
    return DealPage(lead, shown, contacted, offered, edits, reason)


def _offered(lead: Lead) -> tuple[str, ...]:
    return {Rung.SQL: ("open", "confirm"), Rung.OPPORTUNITY: ("win", "lose", "change", "confirm")}.get(
        Rung(lead.rung), ()
    )


def form_of(name: str, deal: Deal | None, policy: Policy, now: datetime, data: QueryDict | None = None) -> forms.Form:
    """A form by name, filled with what is known. Raises Http404 for a name there is none of."""
    today = now.astimezone(policy.zone).date()
    notes = deal.bant if deal else {}
    if name == "confirm":
        return BantForm(data, initial=notes, auto_id="confirm-%s")
    if name == "open":
        form = DealForm(data, initial={"currency": policy.currency}, auto_id="open-%s")
        for point in [point for point, note in notes.items() if note]:
            del form.fields[point]  # confirmed before: it need not be said again
        return form
    if name == "change":
        known = {"value": _plain(deal.value), "currency": deal.currency, "close_date": deal.close_date} if deal else {}
        return ChangeForm(data, initial=known, auto_id="change-%s")
    if name == "win":
        return WinForm(
            data, initial={"value": _plain(deal.value if deal else None), "closed_on": today}, auto_id="win-%s"
        )
    if name == "lose":
        return LossForm(words.reasons(policy, "lose"), data, initial={"closed_on": today}, auto_id="lose-%s")
    raise Http404


def _plain(value: Decimal | None) -> str:
    """An amount as people type it: without cents where there are none."""
    return f"{value:.2f}".removesuffix(".00") if value is not None else ""
