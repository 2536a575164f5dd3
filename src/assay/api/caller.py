"""Who asks: a token, never a session. What it may do is its person's or role's rights, narrowed by its scopes."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from assay.actions.actors import Actor
from assay.actions.tokens import actor_of, token_of
from assay.api.limits import Allowed, limits
from assay.api.problems import Rejected
from assay.domain.tokens import Scope
from assay.records.models import Token

LARGEST = 256 * 1024
"""Bytes of a request's body."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The token, who acts with it, and when it asked."""

    token: Token
    actor: Actor
    at: datetime


class Asking(HttpRequest):
    """A request that was let in."""

    auth: Caller
    allowed: Allowed | None


class Bearer(HttpBearer):
    """Lets in who sends a good token that has the scope. Everything else about a request is checked after that."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller. Raises Rejected."""
        caller = known(request)
        if self.scope not in caller.token.scopes:
            raise Rejected(
                403,
                "missing_scope",
                f"This token lacks the scope {self.scope}.",
                "Make one that has it.",
                {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'},
            )
        check_form(request)
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Unused: the header is read where it can be told what is wrong with it."""
        raise NotImplementedError


def known(request: HttpRequest) -> Caller:
    """Whose token a request carries, counted against its limit. Raises Rejected."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise _unknown("no_token", "This needs a token.", "Send it as Authorization: Bearer assay_...")
    at = timezone.now()
    token = token_of(secret.strip(), at)
    if token is None:
        raise _unknown("bad_token", "This token is unknown, revoked or expired.", "Make a new one in Assay.")
    allowed = limits.take(token.pk)
    request.allowed = allowed  # type: ignore[attr-defined]
    if allowed and allowed.wait:
        sentence = f"This token may ask {allowed.limit} times a minute."
        wait = {"Retry-After": str(allowed.wait)}
        raise Rejected(429, "too_many_requests", sentence, f"Ask again in {allowed.wait} s.", wait)
    return Caller(token, actor_of(token), at)


def _unknown(code: str, sentence: str, hint: str) -> Rejected:
    return Rejected(401, code, sentence, hint, {"WWW-Authenticate": "Bearer"})


def check_form(request: HttpRequest) -> None:
    """Refuse what cannot be read before it is. Raises Rejected."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        raise Rejected(413, "too_large", f"A request has at most {LARGEST // 1024} KB.", "Send less at a time.")
    if int(length) and request.content_type != "application/json":
        raise Rejected(415, "not_json", "A request's body is JSON.", "Send it with Content-Type: application/json.")
    if "%00" in request.META.get("QUERY_STRING", ""):
        raise Rejected(422, "bad_text", "A text cannot hold the character NUL.")
