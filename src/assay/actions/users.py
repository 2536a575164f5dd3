"""People who may sign in."""

from datetime import datetime

from django.db import connection, transaction

from assay.actions.actors import Actor
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.phrase import Phrase
from assay.domain.roles import Role
from assay.records.models import User

ROLES_OFFERED = tuple(str(role) for role in Role if role is not Role.OPERATOR)
"""Every role but the operator's, which belongs to the machine's shell."""


def add_user(email: str, role: str, *, name: str = "", password: str | None = None) -> User:
    """Add a person. Raises BadInput for a role or address that makes no sense, Refused for one who is there already."""
    if role not in ROLES_OFFERED:
        raise BadInput("unknown_role", f'"{role}" is not a role.', f"Use one of {', '.join(ROLES_OFFERED)}.")
    address = email.strip().lower()
    if address.count("@") != 1 or not all(address.split("@")):
        raise BadInput("bad_email", Phrase('"{text}" is not an email address.', text=email))
    if User.objects.filter(email=address).exists():
        raise Refused("user_exists", Phrase("There is a user {address} already.", address=address))
    first, _, last = name.strip().partition(" ")
    return User.objects.create_user(address, role, password, first_name=first, last_name=last)


def has_users() -> bool:
    """Whether anybody may sign in yet; the operator of the machine does not count."""
    return User.objects.exclude(role=Role.OPERATOR).exists()


@transaction.atomic
def add_first_user(email: str, name: str, password: str) -> User:
    """Make the first user, an admin. Raises Refused when somebody was quicker."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE records_user IN SHARE ROW EXCLUSIVE MODE")
    if has_users():
        raise Refused("not_the_first", Phrase("There is a first user already."), Phrase("Ask them to invite you."))
    return add_user(email, Role.ADMIN, name=name, password=password)


def keep_preferences(user: User, at: datetime, *, weekly_report: bool) -> None:
    """Keep a reader's own name, language and time zone, and whether they want the weekly report from now on."""
    if weekly_report is (user.report_since is None):
        user.report_since = at if weekly_report else None
    user.save(update_fields=["first_name", "last_name", "language", "timezone", "report_since"])


@transaction.atomic
def change_user(user_id: int, by: Actor, *, role: str, is_active: bool) -> User:
    """Give a person another role, or close or reopen their account; nobody changes their own, so an admin remains."""
    user = User.objects.select_for_update().filter(pk=user_id).exclude(role=Role.OPERATOR).first()
    if user is None:
        raise NotFound("unknown_user", Phrase("There is no user {user}.", user=str(user_id)))
    if user.pk == by.user_id:
        said = Phrase("You cannot change your own role or close your own account.")
        raise Refused("own_account", said, Phrase("Ask another admin."))
    if role not in ROLES_OFFERED:
        raise BadInput("unknown_role", f'"{role}" is not a role.', f"Use one of {', '.join(ROLES_OFFERED)}.")
    user.role, user.is_active = role, is_active
    user.save(update_fields=["role", "is_active"])
    return user
