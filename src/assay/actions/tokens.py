"""Tokens: what programs sign in with. Made, looked up by what was sent, and revoked."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from assay.actions.actors import Actor, actor
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.phrase import Phrase
from assay.domain.roles import ADMINISTERS, DESKS, MANAGES, Role
from assay.domain.tokens import PREFIX, SHOWN, digest, scopes
from assay.records.models import Token, User

SECRET_BYTES = 32
LONGEST_NAME = 200
ROLES_OFFERED = tuple(str(role) for role in Role if role is not Role.OPERATOR)


@transaction.atomic
def add_token(
    name: str,
    said: Iterable[str],
    by: Actor,
    at: datetime,
    *,
    user: User | None = None,
    role: str = "",
    days: int | None = None,
) -> tuple[Token, str]:
    """Make a token of these scopes for a person, or for a program with a role. Returns it and its secret, shown once.

    People make their own; an admin makes those of programs and of others. ``days`` is how long it is good for.
    Raises BadInput and MoveRefused.
    """
    if user is None or user.pk != by.user_id:
        by.needs_admin(Phrase("make this token"))
    known_as = " ".join(name.split())
    if not known_as or len(known_as) > LONGEST_NAME:
        said_of = Phrase("A token needs a name of at most {limit} characters.", limit=LONGEST_NAME)
        raise BadInput("bad_name", said_of, Phrase("Name the program that will use it."))
    if (user is None) is not bool(role) or (role and role not in ROLES_OFFERED):
        raise BadInput(
            "unknown_role",
            Phrase("A token belongs to a person, or to a program with a role."),
            Phrase("Use one of {roles}.", roles=ROLES_OFFERED),
        )
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = Token.objects.create(
        name=known_as,
        digest=digest(secret),
        begins=secret[:SHOWN],
        user=user,
        role=role,
        scopes=[str(scope) for scope in scopes(said)],
        created_at=at,
        created_by_id=by.user_id,
        expires_at=at + timedelta(days=days) if days else None,
    )
    return token, secret


@transaction.atomic
def revoke_token(token_id: int, by: Actor, at: datetime) -> Token:
    """Take nothing more with a token, from now on: one's own, or as an admin any. Raises NotFound or Refused."""
    token = Token.objects.select_for_update().filter(pk=token_id).first()
    if token is None or not (by.administers or (by.user_id is not None and token.user_id == by.user_id)):
        raise NotFound("unknown_token", Phrase("There is no token {token}.", token=str(token_id)))
    if token.revoked_at:
        said = Phrase("{name} was revoked at {at}.", name=token.name, at=token.revoked_at)
        raise Refused("revoked_already", said, Phrase("Nothing was changed."))
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    return token


def token_of(secret: str, at: datetime) -> Token | None:
    """The token with this secret; None for one that is unknown, revoked, expired, or of a closed account."""
    token = Token.objects.select_related("user").filter(digest=digest(secret), revoked_at=None).first()
    if token is None or (token.expires_at and token.expires_at <= at) or (token.user and not token.user.is_active):
        return None
    day = at.date()
    if token.used_on is None or token.used_on < day:
        with suppress(OperationalError):  # another writer is at it for long: it will be used again
            Token.objects.filter(pk=token.pk).update(used_on=day)
    return token


def actor_of(token: Token) -> Actor:
    """Who acts with a token: its person, and the ledger says through what, or the program itself."""
    if token.user is not None:
        return replace(actor(token.user), via=token.name)
    role = Role(token.role)
    return Actor(token.name, DESKS[role], manages=role in MANAGES, administers=role in ADMINISTERS)
