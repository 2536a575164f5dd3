"""`assay token`: what programs sign in to the API with."""

from typing import Annotated

import typer

from assay.actions.actors import user_by_email
from assay.actions.tokens import add_token, revoke_token
from assay.cli.acting import acting, rule_at
from assay.cli.clock import now, shown
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.options import As, Json
from assay.cli.output import say, show_json, show_json_list, table
from assay.domain.errors import BadInput, NotFound
from assay.domain.tokens import Scope
from assay.records.models import Token

SCOPES = ", ".join(Scope)

app = group()


@app.callback()
def tokens() -> None:
    """Make, list and revoke tokens: what programs sign in to the API with.

    \b
    Example:
      assay token add "CRM sync" --role manager --scope leads:read --scope gate
    """


@app.command("add")
@with_database
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="Which program will use it.")],
    scope: Annotated[
        list[str] | None, typer.Option(metavar="SCOPE", help=f"What it may be used for, repeatable: {SCOPES}.")
    ] = None,
    user: Annotated[str | None, typer.Option(metavar="EMAIL", help="The person for whom the program acts.")] = None,
    role: Annotated[str, typer.Option(metavar="ROLE", help="The role of a program that acts for itself.")] = "",
    days: Annotated[int | None, typer.Option(min=1, max=3_650, metavar="N", help="Good for so many days.")] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Make a token, for a person or for a program with a role. It is shown once.

    \b
    Examples:
      assay token add "Sam's calendar" --user sam@firm.example --scope leads:read
      assay token add "CRM sync" --role manager --scope leads:read --scope gate --days 90
    """
    if bool(user) is bool(role):
        raise BadInput("bad_usage", "A token belongs to a person or to a program.", "Give either --user or --role.")
    whose = user_by_email(user) if user else None
    token, secret = add_token(name, scope or (), acting(as_), now(), user=whose, role=role, days=days)
    if json:
        show_json(token_object(token) | {"token": secret})
    else:
        say(f"Made the token {token.name}. It is shown this once:\n{secret}")


@app.command("list")
@with_database
def list_tokens(json: Json = False) -> None:
    """List tokens, those that were revoked included.

    \b
    Example:
      assay token list
    """
    rows = Token.objects.select_related("user").order_by("pk")
    if json:
        show_json_list(map(token_object, rows))
        return
    entries = [
        (row.pk, row.name, row.begins, row.user.email if row.user else row.role, ", ".join(row.scopes), _state(row))
        for row in rows
    ]
    if entries:
        table([">Token", "Name", "Begins", "Acts as", "~Scopes", "State"], entries)
    else:
        say("There is none yet: assay token add NAME --role ROLE --scope SCOPE")


def _state(row: Token) -> str:
    zone = rule_at(now()).policy.zone
    if row.revoked_at:
        return f"revoked {shown(row.revoked_at, zone)}"
    if row.expires_at and row.expires_at <= now():
        return f"expired {shown(row.expires_at, zone)}"
    return f"used {row.used_on}" if row.used_on else "not used yet"


@app.command("revoke")
@with_database
def revoke(
    token: Annotated[str, typer.Argument(metavar="TOKEN", show_default=False, help="Its number, or how it begins.")],
    as_: As = None,
    json: Json = False,
) -> None:
    """Take nothing more with a token, from now on.

    \b
    Example:
      assay token revoke 3
    """
    row = revoke_token(_find(token), acting(as_), now())
    if json:
        show_json(token_object(row))
    else:
        say(f"Revoked the token {row.name}.")


def _find(text: str) -> int:
    """The number of the token somebody means. Raises NotFound."""
    known = Token.objects.values_list("pk", flat=True)
    digits = text.isascii() and text.isdigit() and len(text) < 19
    found = list(known.filter(pk=int(text)) if digits else known.filter(begins=text))
    if len(found) != 1:
        raise NotFound("unknown_token", f'There is no token "{text}".', "List them with: assay token list")
    return found[0]


def token_object(row: Token) -> dict[str, object]:
    """A token for programs, without its secret, which nobody knows any more."""
    return {
        "id": row.pk,
        "name": row.name,
        "begins": row.begins,
        "user": row.user.email if row.user else None,
        "role": row.role or None,
        "scopes": row.scopes,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "used_on": row.used_on,
        "revoked_at": row.revoked_at,
    }
