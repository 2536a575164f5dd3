"""Deals from a shell: opened, won, lost."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from assay.actions import work
from assay.cli.acting import acting, rule_at
from assay.cli.clock import day, now
from assay.cli.database import with_database
from assay.cli.moving import move_one
from assay.cli.options import As, Json, Lead, Point, Reason, Text
from assay.domain import money
from assay.domain.errors import BadInput
from assay.records.models import Deal
from assay.records.search import find_lead

On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it was decided; today if unsaid.")]


@with_database
def open_deal(  # noqa: PLR0913 - an argument for each option
    lead: Lead,
    value: Annotated[str, typer.Option(metavar="AMOUNT", show_default=False, help="What it may bring: 12000.")],
    close: Annotated[str, typer.Option(metavar="DATE", show_default=False, help="When it should be decided.")],
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="ISO 4217; the policy's currency if unsaid.")
    ] = None,
    budget: Point = "",
    authority: Point = "",
    need: Point = "",
    timeline: Point = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Attach a deal to a prospect: value, close date, and budget, authority, need and timeline confirmed.

    Points confirmed before need not be repeated.

    \b
    Example:
      assay open-deal 12 --value 12000 --currency EUR --close 2026-12-24
        --budget "Approved" --authority "CFO signs" --need "Audit in May" --timeline "By year end"
    """
    by, at = acting(as_), now()
    amount, close_date = money.amount(value), day(close)
    code = money.currency(currency or rule_at(at).policy.currency)
    bant = {"budget": budget, "authority": authority, "need": need, "timeline": timeline}
    move_one(
        "Deal opened",
        lead,
        lambda lead_id: work.open_deal(lead_id, by, at, value=amount, currency=code, close_date=close_date, bant=bant),
        as_json=json,
    )


@with_database
def win(
    lead: Lead,
    value: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="What it brings; the deal's value if unsaid.")
    ] = None,
    on: On = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """The deal was won.

    \b
    Examples:
      assay win 12
      assay win 12 --value 11500 --on 2026-11-20
    """
    by, at = acting(as_), now()
    amount, closed_on = money.amount(value) if value else _value_of(lead), _day_or_today(on)
    move_one("Won", lead, lambda lead_id: work.win(lead_id, by, at, value=amount, closed_on=closed_on), as_json=json)


@with_database
def lose(lead: Lead, reason: Reason = "", text: Text = "", on: On = None, as_: As = None, json: Json = False) -> None:
    """The deal was lost, with a reason of the policy.

    \b
    Example:
      assay lose 12 --reason price
    """
    by, at = acting(as_), now()
    closed_on = _day_or_today(on)
    if closed_on > _day_or_today(None):
        raise BadInput("bad_date", f"{closed_on} is in the future.", "Give the day it was lost.")
    move_one(
        "Lost",
        lead,
        lambda lead_id: work.lose(lead_id, by, at, reason=reason, text=text, closed_on=closed_on),
        as_json=json,
    )


def _value_of(text: str) -> Decimal:
    """The value of a lead's open deal; zero, which no win accepts, where there is none."""
    lead = find_lead(text)
    deal = Deal.objects.filter(lead=lead, pass_no=lead.pass_no).first()
    return (deal and deal.value) or Decimal(0)


def _day_or_today(text: str | None) -> date:
    return day(text) if text else now().astimezone(rule_at(now()).policy.zone).date()
