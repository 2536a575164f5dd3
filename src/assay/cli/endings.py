"""How a trip up the ladder ends without a deal, and begins anew."""

from typing import Annotated

import typer

from assay.actions import work
from assay.cli.acting import acting
from assay.cli.clock import day, now
from assay.cli.database import with_database
from assay.cli.moving import move_one
from assay.cli.options import As, Json, Lead, Reason, Text, Why


@with_database
def recycle(
    lead: Lead,
    reason: Reason = "",
    text: Text = "",
    look_again: Annotated[str | None, typer.Option(metavar="DATE", help="Rest until this day.")] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Give a lead back to marketing for its next pass, with a reason of the policy.

    \b
    Example:
      assay recycle 12 --reason not_now --look-again 2027-03-01
    """
    by, at = acting(as_), now()
    again = day(look_again) if look_again else None
    move_one(
        "Recycled",
        lead,
        lambda lead_id: work.recycle(lead_id, by, at, reason=reason, text=text, look_again=again),
        as_json=json,
    )


@with_database
def disqualify(lead: Lead, reason: Reason = "", text: Text = "", as_: As = None, json: Json = False) -> None:
    """Take a lead out until somebody reopens it, with a reason of the policy.

    Marketing may before the gate; sales after it, once they were reached or the agreed attempts failed.

    \b
    Example:
      assay disqualify 12 --reason no_need
    """
    by, at = acting(as_), now()
    move_one(
        "Disqualified",
        lead,
        lambda lead_id: work.disqualify(lead_id, by, at, reason=reason, text=text),
        as_json=json,
    )


@with_database
def reopen(lead: Lead, reason: Why = "", as_: As = None, json: Json = False) -> None:
    """Bring a disqualified lead or a customer back for a next pass, and say why.

    \b
    Example:
      assay reopen 12 --reason "New managing director"
    """
    by, at = acting(as_), now()
    move_one("Reopened", lead, lambda lead_id: work.reopen(lead_id, by, at, text=reason), as_json=json)
