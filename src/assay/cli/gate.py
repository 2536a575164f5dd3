"""The gate from a shell: accept, reject, qualify, promote and withdraw."""

from typing import Annotated

import typer

from assay.actions import gate
from assay.actions.actors import user_by_email
from assay.cli.acting import acting
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.moving import move_each, move_one
from assay.cli.options import As, Json, Lead, Leads, Reason, Text, Why

Note = Annotated[str, typer.Option(metavar="TEXT", help="What speaks for it.")]


@with_database
def accept(
    leads: Leads,
    owner: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Who takes them, if not you; for managers.")
    ] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Take leads over from marketing: they become yours to pursue.

    Each is accepted on its own; JSON is a list with one entry for each.

    \b
    Examples:
      assay accept 12
      assay accept 12 13 anna@acme.example --as sam@firm.example
    """
    by, at = acting(as_), now()
    to = user_by_email(owner) if owner else None
    move_each("Accepted", leads, lambda lead_id: gate.accept(lead_id, by, at, owner=to), as_json=json)


@with_database
def reject(leads: Leads, reason: Reason = "", text: Text = "", as_: As = None, json: Json = False) -> None:
    """Return leads to marketing, with a reason; they rest and are nurtured.

    The reasons are those of the policy: a wrong one lists them. Each lead is returned on its own; JSON is a list.

    \b
    Examples:
      assay reject 12 --reason too_early
      assay reject 12 13 --reason other --text "Merged with a customer of ours"
    """
    by, at = acting(as_), now()
    move_each("Returned", leads, lambda lead_id: gate.reject(lead_id, by, at, reason=reason, text=text), as_json=json)


@with_database
def qualify(lead: Lead, fit_note: Note = "", intent_note: Note = "", as_: As = None, json: Json = False) -> None:
    """Say that you vetted fit and intent of an accepted lead, each with a note.

    Only where the policy has accept and qualify as two acts (gate.accept_is_sql = false).

    \b
    Example:
      assay qualify 12 --fit-note "120 people, own IT" --intent-note "Wants an offer by May"
    """
    by, at = acting(as_), now()
    notes = {"fit_note": fit_note, "intent_note": intent_note}
    move_one("Qualified", lead, lambda lead_id: gate.qualify(lead_id, by, at, **notes), as_json=json)


@with_database
def promote(lead: Lead, reason: Why = "", as_: As = None, json: Json = False) -> None:
    """Send a lead to the gate against its score, and say why; for marketing.

    \b
    Example:
      assay promote 12 --reason "Asked for prices at the fair"
    """
    by, at = acting(as_), now()
    move_one("Promoted", lead, lambda lead_id: gate.promote(lead_id, by, at, text=reason), as_json=json)


@with_database
def withdraw(lead: Lead, reason: Why = "", as_: As = None, json: Json = False) -> None:
    """Take a lead back from the gate before sales decides, and say why; for marketing.

    \b
    Example:
      assay withdraw 12 --reason "Same person as lead 7"
    """
    by, at = acting(as_), now()
    move_one("Taken back", lead, lambda lead_id: gate.withdraw(lead_id, by, at, text=reason), as_json=json)
