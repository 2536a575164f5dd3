"""`assay capture`: one lead by hand."""

from pathlib import Path
from typing import Annotated

import typer

from assay.actions.capture import Captured
from assay.actions.capture import capture as capture_rows
from assay.actions.writing import in_transaction
from assay.cli.acting import acting, rule_at
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.moving import lead_now, named
from assay.cli.objects import lead_object, next_step_of
from assay.cli.options import As, Json
from assay.cli.output import say, show_json
from assay.domain.errors import BadInput
from assay.domain.identity import identities_of
from assay.domain.labels import label
from assay.domain.ladder import Rung
from assay.domain.rows import LeadRow, Refusal
from assay.intake.columns import LEAD_FIELDS
from assay.intake.leads import read_leads
from assay.intake.rows import Format, Table
from assay.records.models import Identity

Field = Annotated[str, typer.Option(metavar="TEXT")]


@with_database
def capture(  # noqa: PLR0913 - an argument for each option
    email: Field = "",
    name: Field = "",
    source: Annotated[str, typer.Option(metavar="NAME", help="Where the lead came from.")] = "",
    campaign: Field = "",
    title: Field = "",
    phone: Field = "",
    company: Field = "",
    domain: Field = "",
    employees: Field = "",
    industry: Field = "",
    country: Field = "",
    revenue: Field = "",
    budget: Field = "",
    lead_id: Annotated[str, typer.Option(metavar="TEXT", help="Your own id.")] = "",
    further: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Anything else.")] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Enter one lead by hand. Somebody known already is not entered twice: blanks are filled in.

    \b
    Examples:
      assay capture --email anna@acme.example --name "Anna Berg" --source "Trade fair"
      assay capture --phone "+33 1 42 68 53 00" --name "Luc Noir" --source Referral --set interest=audit
    """
    by, at = acting(as_), now()
    cells = {
        "email": email, "name": name, "source": source, "campaign": campaign, "title": title, "phone": phone,
        "company": company, "domain": domain, "employees": employees, "industry": industry, "country": country,
        "revenue": revenue, "budget": budget, "lead_id": lead_id, **_further(further or []),
    }  # fmt: skip
    row = _row({column: cell for column, cell in cells.items() if cell.strip()})
    done = in_transaction(lambda: capture_rows([row], by, at))
    if done.refusals:
        raise _refused(done.refusals[0])
    _tell(row, done, as_json=json)


def _further(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for text, (name, equals, _) in zip(texts, pairs, strict=True):
        if not (name.strip() and equals):
            raise BadInput("bad_usage", f'"{text}" sets nothing.', "Write --set NAME=VALUE.")
    return {name.strip(): value for name, _, value in pairs}


def _row(cells: dict[str, str]) -> LeadRow:
    """The lead that the options describe, read exactly as a row of a file is. Raises BadInput."""
    if not cells:
        raise BadInput("no_contact", "A lead needs a name or a contact detail.", "See: assay capture --help")
    columns = list(cells)
    table = Table(Path(), columns, Format("json"), lambda: iter([(0, list(cells.values()))]))
    mapping = {column: column for column in columns if column in LEAD_FIELDS}
    row = next(read_leads(table, mapping, tz=rule_at(now()).policy.zone))
    if isinstance(row, Refusal):
        raise _refused(row)
    return row


def _refused(refusal: Refusal) -> BadInput:
    return BadInput(refusal.code, refusal.sentence.replace("The row", "The lead"), "See: assay capture --help")


def _tell(row: LeadRow, done: Captured, *, as_json: bool) -> None:
    kind, value = identities_of(row)[0]
    identity = Identity.objects.select_related("person__lead").get(kind=kind, value=value)
    assert identity.person is not None
    lead, current = lead_now(identity.person.lead.pk)
    if as_json:
        show_json({"new": bool(done.created), "promoted": bool(done.promoted), **lead_object(lead)})
        return
    what = "Captured" if done.created else "Known already, blanks filled" if done.filled else "Known already"
    say(f"{what}: {named(lead)}, {label(lead.temperature, Rung(lead.rung))}.")
    say(f"  Next: {next_step_of(lead, current, now())}.")
