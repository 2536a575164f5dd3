"""Roles of people and the desks they sit at: who may decide what."""

from enum import StrEnum

from assay.domain.ladder import Desk


class Role(StrEnum):
    MARKETER = "marketer"
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"
    VIEWER = "viewer"
    OPERATOR = "operator"


DESKS: dict[Role, frozenset[Desk]] = {
    Role.MARKETER: frozenset({Desk.MARKETING}),
    Role.REP: frozenset({Desk.SALES}),
    Role.MANAGER: frozenset({Desk.SALES}),
    Role.ADMIN: frozenset(),
    Role.VIEWER: frozenset(),
    # Whoever holds the shell of the machine: a firm of one person is both desks.
    Role.OPERATOR: frozenset({Desk.MARKETING, Desk.SALES}),
}

MANAGES = frozenset({Role.MANAGER, Role.OPERATOR})
"""Roles that may act on leads that somebody else owns."""

ADMINISTERS = frozenset({Role.ADMIN, Role.OPERATOR})
"""Roles that may erase a person and hand out what is on record about one."""
