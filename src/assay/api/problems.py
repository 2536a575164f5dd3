"""What a program is told when something is refused: problem details (RFC 9457), with the code of our error tree."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TypedDict

import msgspec
from django.http import HttpResponse

from assay.domain.errors import AlreadyDecided, AssayError, BadInput, MoveRefused, NotFound
from assay.requests import tell_refused

PROBLEM_JSON = "application/problem+json"

FORBIDDEN = frozenset({"wrong_desk", "not_admin", "not_yours"})
"""Codes of refusals that are about who asks."""
NOT_ENOUGH = frozenset({"guard_failed", "owner_not_in_sales", "unknown_user"})
"""Codes of refusals that another request could mend."""


class Rejected(AssayError):
    """A request that never came to a verb, with its HTTP status and what else the answer has to say in headers."""

    def __init__(
        self, status: int, code: str, sentence: str, hint: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code, sentence, hint)
        self.status, self.headers = status, dict(headers or {})


class Mistake(TypedDict, total=False):
    """One thing that is wrong with a request: where, as a JSON pointer into the body or a parameter, and what."""

    pointer: str
    parameter: str
    detail: str


def status_of(error: AssayError) -> int:
    """The HTTP status of a refusal."""
    match error:
        case Rejected():
            return error.status
        case AlreadyDecided():
            return 409
        case MoveRefused() | NotFound() if error.code in FORBIDDEN:
            return 403
        case MoveRefused() | NotFound() if error.code in NOT_ENOUGH:
            return 422
        case NotFound():
            return 404
        case BadInput():
            return 422
    return 409


def told(status: int, code: str, sentence: str, hint: str = "", mistakes: Sequence[Mistake] = ()) -> str:
    """Problem details as JSON; the line of the request names the code."""
    tell_refused(code)
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(sentence),
    }
    if hint:
        problem["hint"] = str(hint)
    if mistakes:
        problem["errors"] = list(mistakes)
    return msgspec.json.encode(problem).decode()


def told_error(error: AssayError) -> str:
    """A refusal as JSON."""
    return told(status_of(error), error.code, error.sentence, error.hint)


def answer(error: AssayError) -> HttpResponse:
    """A refusal as a response."""
    response = respond(status_of(error), told_error(error))
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    return response


def respond(status: int, body: str) -> HttpResponse:
    """A response of JSON: a problem from 400 on."""
    kind = PROBLEM_JSON if status >= 400 else "application/json"
    return HttpResponse(body, status=status, content_type=kind)
