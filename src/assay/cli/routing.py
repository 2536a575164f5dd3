"""`assay routing`: which leads go to whom, who is away, and what is offered."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

from assay.actions import offers
from assay.actions import routing as verbs
from assay.actions.actors import Actor, user_by_email
from assay.actions.choosing import choose
from assay.cli import clock
from assay.cli.acting import acting, moment_or_now, rule_at
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.moving import named
from assay.cli.options import As, Json, Lead, Now
from assay.cli.output import say, show_json, table
from assay.domain.errors import BadInput, NotFound
from assay.domain.routing import Criteria, Seller
from assay.records.models import Lead as LeadRow
from assay.records.models import Offer, RoutingRule, User
from assay.records.offers import open_offer
from assay.records.search import find_lead
from assay.records.sellers import Ruled, in_sales, rules, sellers

Email = Annotated[str, typer.Argument(metavar="EMAIL", show_default=False, help="Somebody in sales.")]
Many = list[str] | None

app = group()


@app.callback()
def routing() -> None:
    """Say which leads go to whom. When that is done, at promotion or at acceptance, the policy says: routing.when.

    \b
    Examples:
      assay routing add DACH --country DE --country AT --to sia@firm.example=2 --to sam@firm.example
      assay routing check 12
    """


@app.command("show")
@with_database
def show(now: Now = None, json: Json = False) -> None:
    """Show the rules in their order, whose turn it was how often, and who takes leads now.

    \b
    Example:
      assay routing show
    """
    at = moment_or_now(now)
    policy, found = rule_at(at).policy, rules()
    people = sellers(list(in_sales()), at.astimezone(policy.zone).date(), at)
    if json:
        show_json(
            {
                "when": policy.routing.when,
                "rules": [_rule_object(ruled) for ruled in found],
                "people": [_seller_object(seller) for seller in people],
            }
        )
        return
    say(f"Leads are routed: {WHEN[policy.routing.when]}.\n")
    rows = [(ruled.rule.name, _asks(ruled), _shares(ruled)) for ruled in found]
    if rows:
        table(["Rule", "~For", "~People (share, turns so far)"], rows)
    else:
        say("There is no rule yet: assay routing add NAME --to EMAIL")
    say("")
    table(["Who", ">Open leads", "~Now"], [_line(seller) for seller in people])


WHEN = {
    "off": "not by themselves; whoever accepts a lead owns it (routing.when of the policy)",
    "promotion": "as they come to the gate, each offered to whose turn it is",
    "acceptance": "as they are accepted, to whose turn it is",
}


@app.command("check")
@with_database
def check(lead: Lead, now: Now = None, json: Json = False) -> None:
    """Say who would get a lead now and why, and what keeps the others of its rule from it. Nothing is changed.

    \b
    Example:
      assay routing check nina@north.example
    """
    found, at = find_lead(lead), moment_or_now(now)
    choice = choose(found, rule_at(at).policy, at, count=False)
    who = User.objects.filter(pk=choice.user_id).first() if choice.user_id else None
    offer = open_offer(found.pk)
    if json:
        show_json(
            {
                "lead_id": found.pk,
                "to": who.email if who else None,
                "why": choice.why,
                "hindrances": choice.hindrances,
                "offer": _offer_object(offer) if offer else None,
            }
        )
        return
    say(f"{named(found)} would go to {who or 'nobody'}: {choice.why}.")
    for hindrance in choice.hindrances:
        say(f"  {hindrance}.")
    if offer and offer.to:
        until = clock.shown(offer.until, rule_at(at).policy.zone)
        say(f"  It is offered to {offer.to} until {until}: {offer.why}.")


@app.command("add")
@with_database
def add(  # noqa: PLR0913 - an argument for each option
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="What the rule is called.")],
    to: Annotated[
        list[str], typer.Option(metavar="EMAIL[=SHARE]", show_default=False, help="Who gets them; repeatable.")
    ],
    country: Annotated[Many, typer.Option(metavar="CODE", help="For leads of this country; repeatable.")] = None,
    size: Annotated[Many, typer.Option(metavar="BAND", help="For companies of this size, as 50-249.")] = None,
    industry: Annotated[Many, typer.Option(metavar="NAME", help="For leads of this industry; repeatable.")] = None,
    source: Annotated[Many, typer.Option(metavar="NAME", help="For leads from this source; repeatable.")] = None,
    account: Annotated[Many, typer.Option(metavar="DOMAIN", help="For this company, by its domain.")] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Add a rule after the others. A lead goes by the first rule it meets; one that asks nothing is met by all.

    \b
    Examples:
      assay routing add "Named accounts" --account north.example --to max@firm.example
      assay routing add DACH --country DE --country AT --country CH --to sia@firm.example=2 --to sam@firm.example
      assay routing add Everybody --to sam@firm.example --to sia@firm.example
    """
    criteria = Criteria(country or (), size or (), industry or (), source or (), account or ())
    rule = verbs.keep_rule(acting(as_), name, criteria, dict(map(_share, to)))
    ruled = next(ruled for ruled in rules() if ruled.rule.pk == rule.pk)
    if json:
        show_json(_rule_object(ruled))
    else:
        say(f"Added {rule.name}: {_asks(ruled)}, to {_shares(ruled)}.")


def _share(text: str) -> tuple[int, int]:
    email, _, share = text.partition("=")
    if share and not (share.isascii() and share.isdigit()):
        raise BadInput("bad_weight", f'"{share}" is no share.', "Write it as sia@firm.example=2.")
    return user_by_email(email).pk, int(share or 1)


@app.command("remove")
@with_database
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="What the rule is called.")],
    as_: As = None,
    json: Json = False,
) -> None:
    """Take a rule away; leads go by those after it.

    \b
    Example:
      assay routing remove DACH
    """
    rule = RoutingRule.objects.filter(name=name.strip()).first()
    if rule is None:
        raise NotFound("unknown_rule", f"There is no routing rule {name}.", "List them with: assay routing show")
    verbs.remove_rule(acting(as_), rule.pk)
    _tell(f"Removed {name}.", {"removed": name}, as_json=json)


@app.command("away")
@with_database
def away(
    email: Email,
    from_: Annotated[str, typer.Option("--from", metavar="DATE", show_default=False, help="First day.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", show_default=False, help="Last day.")],
    as_: As = None,
    json: Json = False,
) -> None:
    """Give somebody no leads on these days.

    \b
    Example:
      assay routing away sia@firm.example --from 2026-12-24 --to 2026-12-31
    """
    user = user_by_email(email)
    absence = verbs.add_absence(acting(as_), user.pk, clock.day(from_), clock.day(to))
    said = {"email": user.email, "from": absence.first, "to": absence.last}
    _tell(f"{user} gets no leads from {absence.first} to {absence.last}.", said, as_json=json)


@app.command("capacity")
@with_database
def capacity(
    email: Email,
    leads: Annotated[str, typer.Argument(metavar="N", show_default=False, help="Open leads at most; or: any")],
    as_: As = None,
    json: Json = False,
) -> None:
    """Say how many open leads somebody is given at most.

    \b
    Example:
      assay routing capacity sia@firm.example 30
    """
    if leads != "any" and not (leads.isascii() and leads.isdigit() and len(leads) < 10):
        raise BadInput("bad_capacity", f'"{leads}" is no number of leads.', "Write one such as 30, or any.")
    user = verbs.set_capacity(acting(as_), user_by_email(email).pk, None if leads == "any" else int(leads))
    said = f"{user} is given at most {user.capacity} open leads." if leads != "any" else f"{user} is given any number."
    _tell(said, {"email": user.email, "capacity": user.capacity}, as_json=json)


@app.command("take")
@with_database
def take(lead: Lead, as_: As = None, json: Json = False) -> None:
    """Take a lead that is offered to you.

    \b
    Example:
      assay routing take 12 --as sia@firm.example
    """
    _answer(lead, as_, offers.take, "Taken", as_json=json)


@app.command("pass")
@with_database
def pass_on(lead: Lead, as_: As = None, json: Json = False) -> None:
    """Pass on a lead that is offered to you; it goes to the next at once.

    \b
    Example:
      assay routing pass 12 --as sia@firm.example
    """
    _answer(lead, as_, offers.pass_on, "Passed on", as_json=json)


def _answer(
    text: str, as_: str | None, verb: Callable[[int, Actor, datetime], object], done: str, *, as_json: bool
) -> None:
    found = find_lead(text)
    verb(found.pk, acting(as_), clock.now())
    lead, offer = LeadRow.objects.select_related("owner", "person", "company").get(pk=found.pk), open_offer(found.pk)
    owner = f", owner {lead.owner}" if lead.owner else ""
    onward = f", offered to {offer.to or 'nobody'}: {offer.why}" if offer else ""
    said: dict[str, object] = {
        "lead_id": lead.pk,
        "owner": lead.owner.email if lead.owner else None,
        "offer": _offer_object(offer) if offer else None,
    }
    _tell(f"{done}: {named(lead)}{owner}{onward}.", said, as_json=as_json)


def _tell(sentence: str, said: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        show_json(said)
    else:
        say(sentence)


# --- As text and for programs --------------------------------------------------------------------


def _asks(ruled: Ruled) -> str:
    return "; ".join(", ".join(values) for values in ruled.asked) or "all leads"


def _shares(ruled: Ruled) -> str:
    return ", ".join(f"{row.user.name} ({row.weight}, {row.taken})" for row in ruled.members) or "nobody"


def _line(seller: Seller) -> tuple[str, str, str]:
    most = f" of {seller.capacity}" if seller.capacity is not None else ""
    return seller.name, f"{seller.leads}{most}", seller.hindrance or "takes leads"


def _rule_object(ruled: Ruled) -> dict[str, object]:
    rule = ruled.rule
    return {
        "name": rule.name,
        "countries": rule.countries,
        "sizes": rule.sizes,
        "industries": rule.industries,
        "sources": rule.sources,
        "accounts": rule.accounts,
        "people": [{"email": row.user.email, "share": row.weight, "turns": row.taken} for row in ruled.members],
    }


def _seller_object(seller: Seller) -> dict[str, object]:
    return {
        "name": seller.name,
        "open_leads": seller.leads,
        "capacity": seller.capacity,
        "away_until": seller.away_until,
        "available": seller.hindrance is None,
    }


def _offer_object(offer: Offer) -> dict[str, object]:
    return {"to": offer.to.email if offer.to else None, "until": offer.until, "why": offer.why}
