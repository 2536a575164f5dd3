"""Working an accepted lead from a shell: touches, confirmed points, and whose it is."""

from typing import Annotated

import typer

from assay.actions import work
from assay.actions.actors import user_by_email
from assay.cli.acting import acting
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.moving import lead_now, named
from assay.cli.objects import lead_object, next_step_of
from assay.cli.options import As, Json, Lead, Point
from assay.cli.output import say, show_json
from assay.domain.errors import BadInput
from assay.domain.ladder import BANT
from assay.records.models import Lead as LeadRow
from assay.records.search import find_lead


@with_database
def touch(
    lead: Lead,
    kind: Annotated[str, typer.Option(metavar="KIND", help="call, email, meeting or other.")] = "call",
    reached: Annotated[bool, typer.Option("--reached", help="It was two-way: they answered.")] = False,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What was said.")] = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Log a call, email or meeting with a lead.

    One that reached them makes contact; one that did not counts as an attempt.

    \b
    Examples:
      assay touch 12 --kind call --reached --note "Budget is there, wants an offer"
      assay touch 12 --kind email
    """
    found = find_lead(lead)
    row = work.log_touch(found.pk, acting(as_), now(), kind=kind, reached=reached, note=note)
    logged = {"kind": row.kind, "at": row.at, "by": row.by_name, "reached": row.reached, "note": row.note or None}
    outcome = "reached" if reached else "not reached"
    _tell(found, f"Logged: {row.kind}, {outcome}", {"touch": logged}, as_json=json)


@with_database
def confirm(
    lead: Lead,
    budget: Point = "",
    authority: Point = "",
    need: Point = "",
    timeline: Point = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Confirm budget, authority, need or timeline of a prospect, each with a note.

    \b
    Example:
      assay confirm 12 --budget "30,000 EUR approved" --need "Replaces three tools"
    """
    said = {"budget": budget, "authority": authority, "need": need, "timeline": timeline}
    notes = {point: note for point, note in said.items() if note.strip()}
    if not notes:
        raise BadInput("bad_usage", "Nothing to confirm.", f"Give a note to one of --{', --'.join(BANT)}.")
    found = find_lead(lead)
    deal = work.confirm(found.pk, acting(as_), notes)
    lacking = [point for point, note in deal.bant.items() if not note]
    rest = f"still open: {', '.join(lacking)}" if lacking else "all four are confirmed"
    _tell(found, f"Confirmed: {', '.join(notes)}; {rest}", {"bant": deal.bant}, as_json=json)


@with_database
def assign(
    lead: Lead,
    to: Annotated[str, typer.Option(metavar="EMAIL", show_default=False, help="Who works the lead from now on.")],
    as_: As = None,
    json: Json = False,
) -> None:
    """Give an accepted lead to another salesperson; its owner or a manager may.

    \b
    Example:
      assay assign 12 --to sia@firm.example
    """
    found, owner = find_lead(lead), user_by_email(to)
    work.assign(found.pk, acting(as_), now(), owner.pk)
    _tell(found, f"Assigned to {owner}", {"owner": owner.email}, as_json=json)


def _tell(found: LeadRow, done: str, more: dict[str, object], *, as_json: bool) -> None:
    lead, current = lead_now(found.pk)
    step = next_step_of(lead, current, now())
    if as_json:
        show_json({"lead": lead_object(lead), **more, "next_step": step})
    else:
        say(f"{done}: {named(lead)}.\n  Next: {step}.")
