"""`assay person`: what is on record about somebody, and erasing it."""

from datetime import UTC
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from assay.actions.erasure import admit_again, erase
from assay.cli.acting import acting
from assay.cli.clock import now, shown
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.options import As, Json
from assay.cli.output import say, show_json
from assay.cli.words import counted
from assay.domain.contact import email_identity
from assay.domain.erasure import Why
from assay.domain.errors import BadInput, Refused
from assay.domain.identity import IdentityKind, Key
from assay.intake.collector.batches import sort_everything
from assay.records.about import export as export_of
from assay.records.about import whom
from assay.records.search import find_lead

KINDS = {"visitor": IdentityKind.VISITOR, "user": IdentityKind.USER, "phone": IdentityKind.PHONE}
"""What may stand before an id, with a colon: ``visitor:8f14e45f``."""

Who = Annotated[
    str,
    typer.Argument(
        metavar="WHO", show_default=False, help="A lead's number, email or your own id of it; or visitor:ID, user:ID."
    ),
]

app = group()


@app.callback()
def person() -> None:
    """Hand out all that is on record about a person, or erase it.

    \b
    Examples:
      assay person export anna@acme.example --to anna.json
      assay person erase anna@acme.example --why asked --confirm anna@acme.example
    """


@app.command("export")
@with_database
def export(
    who: Who,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write it here instead of showing it.")
    ] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Write everything on record about one person as JSON, table by table.

    \b
    Example:
      assay person export anna@acme.example --to anna.json
    """
    acting(as_).needs_admin("hand out what is on record about a person")
    sort_everything()
    found = export_of(whom(_meant(who)))
    if to is None:
        show_json(found)
        return
    with to.open("xb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=2))
    to.chmod(0o600)
    rows = counted(sum(map(len, found.values())), "row")
    if json:
        show_json({"file": str(to), "rows": {table: len(listed) for table, listed in found.items()}})
    else:
        say(f"Wrote {rows} of {counted(len(found), 'table')} to {to}.")


@app.command("erase")
@with_database
def erase_person(
    who: Who,
    why: Annotated[str, typer.Option("--why", metavar="CODE", help=f"One of {', '.join(Why)}.")] = Why.ASKED,
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="WHO", help="WHO once more: there is no way back.", show_default=False)
    ] = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Erase a person or a browser for good. Counts stay; names, addresses, notes and contents go.

    \b
    Examples:
      assay person erase anna@acme.example --confirm anna@acme.example
      assay person erase visitor:8f14e45f --why withdrew --confirm visitor:8f14e45f
    """
    if why not in set(Why):
        raise BadInput("unknown_why", f'"{why}" is not a reason to erase.', f"Use one of {', '.join(Why)}.")
    sort_everything()
    meant = _meant(who)
    if confirm.strip() != who.strip():
        raise Refused("not_confirmed", "Erasing cannot be undone.", f"To go on, add: --confirm {who}")
    done = erase(meant, acting(as_), now(), Why(why))
    if json:
        show_json({"erasure": done.pk, "at": done.at, "by": done.by_name, "why": done.why, "rows": done.counts})
    else:
        say(f"Erased, as number {done.pk}: {counted(sum(done.counts.values()), 'row')} no longer name anybody.")


@app.command("admit")
@with_database
def admit(who: Who, as_: As = None, json: Json = False) -> None:
    """Let somebody in again who was erased and has agreed anew: until then what names them is refused.

    \b
    Example:
      assay person admit anna@acme.example
    """
    at = now()
    admit_again(_names(who), acting(as_), at)
    if json:
        show_json({"admitted": who, "at": at})
    else:
        say(f"{who} may come in again, since {shown(at, UTC)} UTC. What was erased stays erased.")


def _meant(who: str) -> int | Key:
    """Whom somebody means: a person, or an identity that is nobody's yet. Raises NotFound."""
    prefix, _, value = who.strip().partition(":")
    if prefix in KINDS and value:
        return KINDS[prefix], value
    address = email_identity(who)
    return (IdentityKind.EMAIL, address) if address else find_lead(who).person_id


def _names(who: str) -> list[Key]:
    """The identities that a text may stand for."""
    prefix, _, value = who.strip().partition(":")
    if prefix in KINDS and value:
        return [(KINDS[prefix], value)]
    if address := email_identity(who):
        return [(IdentityKind.EMAIL, address)]
    own = value if prefix == "id" and value else who.strip()
    return [(kind, own) for kind in (IdentityKind.LEAD_ID, IdentityKind.USER)]
