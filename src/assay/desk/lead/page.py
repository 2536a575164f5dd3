"""Everything the lead page shows, read in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from assay.actions.actors import Actor
from assay.actions.moves import Standing
from assay.actions.policies import rule
from assay.desk.access import Right, acting, rights_of
from assay.desk.lead.drafts import suggestions
from assay.desk.lead.facts import FactsForm, facts_shown
from assay.desk.lead.forms import BantForm, TouchForm
from assay.desk.lead.history import history
from assay.desk.lead.merges import merges_of
from assay.desk.lead.moves import Setting, is_anothers, named, offers
from assay.desk.lead.people import people
from assay.desk.lead.predicted import predicted
from assay.desk.telling import told
from assay.desk.why import why
from assay.domain.labels import next_step
from assay.domain.ladder import GATE, OPEN_SALES, Desk, Rung, Stage, stage
from assay.domain.policy import Policy
from assay.domain.roles import DESKS
from assay.records import gate
from assay.records.clocks import Clocks, clocks_of
from assay.records.models import Deal, Lead, Pass, User
from assay.records.offers import held_for, offers_of

SELLERS = [role for role, desks in DESKS.items() if Desk.SALES in desks and role != "operator"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A lead with its current pass, the deals of all its passes, and the rule in force."""

    here: Standing
    deals: Sequence[Deal]
    policy: Policy
    now: datetime

    @property
    def lead(self) -> Lead:
        return self.here.lead


def load(lead_id: int) -> Loaded | None:
    """Read a lead; None where there is none."""
    now = timezone.now()
    related = ("person", "company", "source", "campaign", "owner", "score", "prediction", "imported_by")
    leads = Lead.objects.select_related(*related).annotate(promoted_at=gate.promoted_at())
    lead = leads.in_bulk([lead_id]).get(lead_id)
    if lead is None:
        return None
    current = Pass.objects.get(lead=lead, number=lead.pass_no)
    deals = list(Deal.objects.filter(lead=lead).order_by("-pass_no"))
    deal = next((deal for deal in deals if deal.pass_no == lead.pass_no), None)
    return Loaded(Standing(lead, current, deal), deals, rule(now).policy, now)


def setting(loaded: Loaded, by: Actor) -> Setting:
    """What the forms of moves need; only a manager chooses among owners."""
    today = loaded.now.astimezone(loaded.policy.zone).date()
    return Setting(loaded.policy, loaded.here, sellers() if by.manages else (), today)


def sellers() -> list[User]:
    """Those who may own a lead."""
    return list(User.objects.filter(role__in=SELLERS, is_active=True).order_by("first_name", "pk"))


def context(request: HttpRequest, loaded: Loaded, bound: Mapping[str, forms.Form]) -> dict[str, object]:
    """What the template needs. ``bound`` are forms that were sent and could not be taken, by name."""
    lead, here, by = loaded.lead, loaded.here, acting(request)
    offer = offers_of([lead.pk], loaded.now).get(lead.pk) if lead.rung in (*GATE, *OPEN_SALES) else None
    choices, found = (
        setting(loaded, by)._replace(held=held_for(lead, offer, by, loaded.policy)),
        clocks(loaded),
    )
    works = bool(by.desks) and not is_anothers(lead, by)
    editing = works and ("edit" in request.GET or "facts" in bound)
    return {
        "lead": lead,
        "here": here,
        "rule": loaded.policy,
        "works": works,
        "administers": by.administers,
        "step": next_step_of(loaded),
        "stage": stage_of(here),
        "clock": found.running,
        "stopped": found.stopped,
        "offered_by_owner": lead.rung in OPEN_SALES,
        "offer": offer,
        "why": why(lead, loaded.policy),
        "predicted": predicted(lead, loaded.policy),
        "suggestions": suggestions(lead, by, loaded.policy, works=works),
        "offers": offers(by, choices, loaded.now, bound),
        "owners": owners(lead, by, choices),
        "touch": named(bound.get("touch") or TouchForm(), "touch"),
        "notes": notes(here, by, bound),
        "facts": facts_shown(lead, loaded.policy),
        "facts_form": named(bound.get("facts") or FactsForm(lead, loaded.policy), "facts") if editing else None,
        "people": people(lead, loaded.policy),
        "deals": loaded.deals,
        "merges": merges_of(lead),
        "may_merge": Right.MERGE in rights_of(request),
        "history": history(lead, request.GET, loaded.policy),
    }


def notes(here: Standing, by: Actor, bound: Mapping[str, forms.Form]) -> forms.Form | None:
    """The form for the notes of an open deal; before one is open, the form that opens it asks for them."""
    if here.lead.rung != Rung.OPPORTUNITY or Desk.SALES not in by.desks:
        return None
    return named(bound.get("notes") or BantForm(initial=here.deal.bant if here.deal else {}), "notes")


def owners(lead: Lead, by: Actor, choices: Setting) -> Sequence[User]:
    """To whom this person may give the lead now: the owner or a manager may."""
    if lead.rung not in OPEN_SALES or Desk.SALES not in by.desks:
        return ()
    return choices.sellers or (sellers() if lead.owner_id == by.user_id else ())


def next_step_of(loaded: Loaded) -> str:
    """What to do next, in one sentence."""
    lead, rests = loaded.lead, loaded.lead.rests_until
    step = next_step(
        Rung(lead.rung),
        lead.temperature,
        contacted=loaded.here.current.contacted_at is not None,
        missing_data=lead.insufficient_data,
        rests_until=rests.astimezone(loaded.policy.zone) if rests and rests > loaded.now else None,
    )
    return told(step)


def stage_of(here: Standing) -> Stage:
    """The stage that follows from the rung and the facts."""
    deal = here.deal
    return stage(
        Rung(here.lead.rung),
        contacted=here.current.contacted_at is not None,
        qualified=deal is not None and all(deal.bant.values()),
        deal=deal is not None and deal.opened_at is not None,
    )


def clocks(loaded: Loaded) -> Clocks:
    """The clock that runs now, if any, and how those before it went."""
    lead, here = loaded.lead, loaded.here
    came = getattr(lead, "promoted_at", None)
    return clocks_of(lead, here.current, here.deal, came, loaded.policy, loaded.now)
