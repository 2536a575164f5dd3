"""Whose leads and deals a page shows: one's own, a colleague's, or everybody's."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assay.domain.ladder import Desk
from assay.domain.roles import DESKS, Role
from assay.records.models import User

ALL = "all"


class Seller(NamedTuple):
    """One choice of whose to show, as a link."""

    text: str | Promise
    query: str
    current: bool


class Sellers(NamedTuple):
    """Whose is shown (everybody's where ``owner`` is None), what that is called, and what else there is to choose."""

    owner: int | None
    text: str | Promise
    choices: Sequence[Seller]
    own: bool


def sellers(query: QueryDict, reader: User, *, default: int | None, may_switch: bool = True) -> Sellers:
    """Whose an address asks for; ``default`` where it names nobody there is, and for who may not look at others'."""
    if not may_switch:
        return Sellers(default, reader.name, (), own=True)
    named = _named(reader)
    asked = query.get("owner", "")
    owner = {str(pk or ALL): pk for pk in named}.get(asked, default)
    choices = [Seller(text, _changed(query, pk), pk == owner) for pk, text in named.items()]
    return Sellers(owner, named.get(owner, reader.name), choices, own=owner == reader.pk)


def _named(reader: User) -> Mapping[int | None, str | Promise]:
    """Everybody first, then whoever asks, then the others of sales by name."""
    roles = [role for role, desks in DESKS.items() if Desk.SALES in desks and role is not Role.OPERATOR]
    people = User.objects.filter(role__in=roles, is_active=True).order_by("first_name", "email")
    named: dict[int | None, str | Promise] = {None: _("Everybody")}
    if reader.role in roles:
        named[reader.pk] = _("Mine")
    return named | {user.pk: user.name for user in people if user.pk != reader.pk}


def _changed(query: QueryDict, owner: int | None) -> str:
    wanted = query.copy()
    for gone in ("before", "after"):
        wanted.pop(gone, None)
    wanted["owner"] = str(owner or ALL)
    return wanted.urlencode()
