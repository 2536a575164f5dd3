"""`assay user`: who may sign in, and at which desk they sit."""

import sys
from typing import Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from assay.actions.users import add_user
from assay.cli.commands import group
from assay.cli.database import with_database
from assay.cli.options import Json
from assay.cli.output import say, show_json, show_json_list, table
from assay.domain.errors import BadInput
from assay.domain.roles import Role
from assay.records.models import User

ROLES = ", ".join(role for role in Role if role is not Role.OPERATOR)

app = group()


@app.callback()
def users() -> None:
    """Add and list people.

    \b
    Example:
      assay user add sam@firm.example --role rep
    """


@app.command("add")
@with_database
def add(
    email: Annotated[str, typer.Argument(metavar="EMAIL", show_default=False, help="Their sign-in name.")],
    role: Annotated[str, typer.Option(metavar="ROLE", show_default=False, help=f"One of {ROLES}.")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="As others see them; else the start of the email.")] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read a password from stdin.")] = False,
    json: Json = False,
) -> None:
    """Add a person. Without a password they can be named with --as, but cannot sign in.

    \b
    Examples:
      assay user add sam@firm.example --role rep --name "Sam Sales"
      pass show assay/mara | assay user add mara@firm.example --role marketer --password-stdin
    """
    password = _password(User(email=email, first_name=name)) if password_stdin else None
    user = add_user(email, role, name=name, password=password)
    if json:
        show_json(user_object(user))
    else:
        say(f"Added {user.name} <{user.email}> as {user.role}.")


def _password(user: User) -> str:
    """The line on stdin, if it is good enough. Raises BadInput."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput("bad_password", " ".join(error.messages), "Send a better one on stdin.") from None
    return password


@app.command("list")
@with_database
def list_users(json: Json = False) -> None:
    """List people and their roles.

    \b
    Example:
      assay user list
    """
    rows = User.objects.order_by("email")
    if json:
        show_json_list(map(user_object, rows))
        return
    entries = [(row.email, row.name, row.role, _can_sign_in(row)) for row in rows]
    if entries:
        table(["Email", "Name", "Role", "Signs in"], entries)
    else:
        say("There is nobody yet: assay user add EMAIL --role ROLE")


def _can_sign_in(user: User) -> str:
    if not user.is_active:
        return "no, switched off"
    return "yes" if user.has_usable_password() else "no, without password"


def user_object(user: User) -> dict[str, object]:
    """A person for programs."""
    usable = user.is_active and user.has_usable_password()
    return {"email": user.email, "name": user.name, "role": user.role, "active": user.is_active, "signs_in": usable}
