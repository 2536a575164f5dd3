"""`assay ledger`: who decided what, when and why."""

from typing import Annotated

import typer

from assay.cli.acting import rule_at
from assay.cli.clock import now, shown
from assay.cli.database import with_database
from assay.cli.objects import decision_object
from assay.cli.options import Json, Limit
from assay.cli.output import say, show_json_list, table
from assay.records.models import Decision
from assay.records.search import find_lead


@with_database
def ledger(
    lead: Annotated[str | None, typer.Argument(metavar="LEAD", help="Only of this lead.")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """Show the ledger, newest first. Nothing in it is ever changed or deleted.

    \b
    Examples:
      assay ledger
      assay ledger anna@acme.example
    """
    rows = Decision.objects.select_related("lead__person").order_by("-pk")
    rows = rows.filter(lead=find_lead(lead)) if lead else rows
    if json:
        show_json_list(map(decision_object, rows[: limit or None]))
        return
    zone = rule_at(now()).policy.zone
    entries = [
        (
            shown(row.at, zone),
            row.lead_id,
            str(row.lead.person),
            row.move,
            f"{row.from_rung} to {row.to_rung}" if row.from_rung else row.to_rung,
            row.by_name,
            ": ".join(filter(None, (row.reason, row.text))),
        )
        for row in rows[: limit or None]
    ]
    if entries:
        table(["When", ">Lead", "Name", "Move", "Way", "By", "~Why"], entries)
    else:
        say("Nothing was decided yet.")
