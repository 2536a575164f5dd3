"""Whom something concerns when it concerns nobody by name: the team, the managers, a desk."""

from assay.domain.ladder import Desk
from assay.domain.roles import Role
from assay.records.models import User


def team() -> tuple[int, ...]:
    """Everybody who decides at the gate."""
    return _with_role(Role.REP) or managers()


def managers() -> tuple[int, ...]:
    """The managers; an admin where there is none, so that nothing is said to nobody."""
    return _with_role(Role.MANAGER) or _with_role(Role.ADMIN)


def marketing() -> tuple[int, ...]:
    """Everybody in marketing."""
    return _with_role(Role.MARKETER)


def key_holders(desk: Desk) -> tuple[int, ...]:
    """Who is asked for a desk's key to a version of the rule; of sales that is the managers where there are any."""
    if desk is Desk.MARKETING:
        return marketing()
    return _with_role(Role.MANAGER) or _with_role(Role.REP)


def _with_role(role: Role) -> tuple[int, ...]:
    return tuple(User.objects.filter(role=role, is_active=True).order_by("pk").values_list("pk", flat=True))
