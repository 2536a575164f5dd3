"""People who may sign in."""

from assay.domain.errors import BadInput, Refused
from assay.domain.roles import Role
from assay.records.models import User


def add_user(email: str, role: str, *, name: str = "", password: str | None = None) -> User:
    """Add a person. Raises BadInput for a role or address that makes no sense, Refused for one who is there already."""
    offered = [str(role) for role in Role if role is not Role.OPERATOR]
    if role not in offered:
        raise BadInput("unknown_role", f'"{role}" is not a role.', f"Use one of {', '.join(offered)}.")
    address = email.strip().lower()
    if address.count("@") != 1 or not all(address.split("@")):
        raise BadInput("bad_email", f'"{email}" is not an email address.')
    if User.objects.filter(email=address).exists():
        raise Refused("user_exists", f"There is a user {address} already.")
    first, _, last = name.strip().partition(" ")
    return User.objects.create_user(address, role, password, first_name=first, last_name=last)
