"""Programs as tests know them: with a token, speaking JSON, and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.test import Client

from assay.actions.actors import actor, operator
from assay.actions.tokens import add_token
from assay.domain.tokens import Scope
from assay.records.models import Token, User
from tests.people import NOW

EVERY = tuple(Scope)


class Program:
    """Somebody's program. Answers come with ``.json()``."""

    def __init__(self, token: Token, secret: str) -> None:
        self.token, self.secret = token, secret
        self._client = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        """Read ``/api/v1/path``; a path of the server, as a link names it, is taken as it is."""
        return self._client.get(_address(path), query or None)

    def send(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Any:
        """Write; without a body none is sent."""
        said = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self._client, method.lower())(_address(path), **said, headers=dict(headers or {}))

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """Post; ``If_Match`` is the header If-Match."""
        if body is None:
            return self._client.generic("POST", _address(path), b"", "", headers=_names(headers))
        return self.send("POST", path, body, _names(headers))

    def patch(self, path: str, body: object, **headers: str) -> Any:
        return self.send("PATCH", path, body, _names(headers))


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _address(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def program_of(user: User, *scopes: str) -> Program:
    """A person's program, with every scope unless some are named."""
    return Program(*add_token(f"{user.name}'s program", scopes or EVERY, actor(user), NOW, user=user))


def program_as(role: str, scopes: Iterable[str] = EVERY) -> Program:
    """A program with a role of its own."""
    return Program(*add_token(f"The {role} program", scopes, actor(operator()), NOW, role=role))


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which has to be problem details."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    told = answer.json()
    assert told["status"] == answer.status_code
    return told["status"], told["code"]
