"""`assay leads`: find leads."""

from typing import Annotated

import typer

from assay.cli.database import with_database
from assay.cli.objects import lead_object
from assay.cli.options import Json, Limit
from assay.cli.output import Card, cards, say, show_json_list
from assay.cli.words import counted, labelled, who
from assay.domain.errors import BadInput
from assay.domain.ladder import Rung
from assay.records.leads import Temperature
from assay.records.models import Lead
from assay.records.waiting import INBOX_ORDER
from assay.records.words import matching


@with_database
def leads(
    rung: Annotated[str | None, typer.Option(metavar="RUNG", help=f"Only on this rung: {', '.join(Rung)}.")] = None,
    temperature: Annotated[str | None, typer.Option(metavar="LABEL", help="Only hot, warm or cold.")] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only with these words in name, email or company.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List leads, best first.

    \b
    Examples:
      assay leads --rung lead --temperature hot
      assay leads --search acme
    """
    _check("rung", rung, list(Rung))
    _check("temperature", temperature, list(Temperature))
    found = Lead.objects.order_by(*INBOX_ORDER).select_related("person", "company", "source", "campaign", "owner")
    found = found.filter(rung=rung) if rung else found
    found = found.filter(temperature=temperature) if temperature else found
    found = found.filter(matching(search)) if search else found
    rows = found[: limit or None]
    if json:
        show_json_list(lead_object(row) for row in rows)
        return
    total = found.count()
    if not total:
        say(
            "No lead is like that."
            if rung or temperature or search
            else "There are no leads yet: assay import leads FILE"
        )
        return
    say(f"{counted(total, 'lead')}\n")
    cards([">Lead", "Who", "Label", "Grid", ">Fit", ">Intent", "Owner"], map(_line, rows))
    if limit and total > limit:
        say(f"\nand {total - limit:,} more; --limit 0 shows all")


def _check(what: str, given: str | None, allowed: list[str]) -> None:
    if given and given not in allowed:
        raise BadInput(f"unknown_{what}", f'"{given}" is no {what}.', f"Use one of {', '.join(allowed)}.")


def _line(lead: Lead) -> Card:
    name = who(str(lead.person), lead.person.title, str(lead.company) if lead.company else None)
    label = labelled(lead.temperature, Rung(lead.rung))
    owner = lead.owner.name if lead.owner else None
    return Card([lead.pk, name, label, lead.grid, lead.fit, lead.intent, owner], [])
