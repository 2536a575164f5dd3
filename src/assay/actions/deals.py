"""An open deal changes its value or its close date, and what it said before is kept."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.moves import same_owner, standing
from assay.actions.policies import rule
from assay.actions.writing import insert
from assay.domain.errors import MoveRefused
from assay.domain.ladder import DEAL, Case, Desk, Request, Rung
from assay.domain.phrase import Phrase
from assay.records.models import Deal, Edit, Lead

FIELDS = ("value", "currency", "close_date")


@transaction.atomic
def change_deal(
    lead_id: int,
    by: Actor,
    at: datetime,
    *,
    value: Decimal | None = None,
    currency: str | None = None,
    close_date: date | None = None,
) -> list[Edit]:
    """Change what is given of an open deal, under the guard it was opened by: its owner or a manager may.

    Returns one edit for each field that changed. Raises MoveRefused.
    """
    by.needs(Desk.SALES, "change a deal")
    here = standing(lead_id)
    same_owner(here.lead, by, "change the deal of")
    deal = here.deal
    if here.lead.rung != Rung.OPPORTUNITY or deal is None:
        raise MoveRefused(
            "wrong_rung",
            Phrase("A lead on rung {rung} has no open deal.", rung=Rung(here.lead.rung)),
            Phrase("Open one first."),
        )
    before = [getattr(deal, field) for field in FIELDS]
    asked = Request(
        value=deal.value if value is None else value,
        currency=deal.currency if currency is None else currency.strip().upper(),
        close_date=close_date or deal.close_date,
    )
    if said := DEAL.failing(Case(here.situation, asked, rule(at).policy, at)):
        raise MoveRefused("guard_failed", Phrase("The deal was not changed."), said)
    deal.value, deal.currency, deal.close_date = asked.value, asked.currency, asked.close_date
    edits = _edits(here.lead, deal, before, by, at)
    if edits:
        deal.save(update_fields=FIELDS)
        insert(Edit, edits)
    return edits


def _edits(lead: Lead, deal: Deal, before: list[Decimal | str | date | None], by: Actor, at: datetime) -> list[Edit]:
    after = [getattr(deal, field) for field in FIELDS]
    return [
        Edit(
            lead=lead, by_id=by.user_id, by_name=by.name, at=at,
            field=f"deal.{field}", before=str(was), after=str(now),
        )
        for field, was, now in zip(FIELDS, before, after, strict=True)
        if was != now
    ]  # fmt: skip
