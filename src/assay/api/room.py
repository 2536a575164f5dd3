"""How an operation is declared: its scope, who may, what it tells. Nothing is let in that does not say so."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from typing import Any, TypeAlias, TypeVar

from django.http import HttpResponse
from ninja import Router

from assay.actions.once import Asked, Reply, asked, once
from assay.api.caller import Asking, Bearer
from assay.api.etags import Current, check_match, not_modified
from assay.api.problems import PROBLEM_JSON, respond, status_of, told_error
from assay.api.shapes import Shape
from assay.domain.errors import AssayError, BadInput
from assay.domain.ladder import Desk
from assay.domain.tokens import Scope

View = TypeVar("View", bound=Callable[..., Shape])
Json: TypeAlias = dict[str, Any]
"""A piece of the specification."""

LONGEST_KEY = 255

PROBLEMS: Mapping[int, str] = {
    400: "The body is no JSON",
    401: "No token, or one that is not good",
    403: "The token lacks the scope, or its person or role may not do this",
    404: "There is no such thing",
    409: "The rule or the state of the lead says no; or the same key is still at work",
    412: "It has changed since you read it",
    413: "Too large",
    415: "The body is not said to be JSON",
    422: "What was said cannot be used",
    429: "Too many requests: Retry-After says when",
    503: "The database is busy: Retry-After says when",
}
OF_READING = (400, 401, 403, 404, 413, 415, 422, 429, 503)

KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request does it once and answers alike, for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you read: nothing is done where it has changed since.",
    "schema": {"type": "string"},
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you have: 304 where it is still the same.",
    "schema": {"type": "string"},
}


class Room:
    """Operations under one heading of the documentation."""

    def __init__(self, heading: str) -> None:
        self.router = Router(tags=[heading])

    def get(self, path: str, scope: Scope, shape: type[Shape], *, etag: bool = False) -> Callable[[View], View]:
        """Declare a read, for everybody whose token has the scope; with ``etag`` it can be asked whether it changed."""
        headers, more = ([IF_NONE_MATCH], {304: {"description": "It has not changed"}}) if etag else ([], {})

        def declare(view: View) -> View:
            @wraps(view)
            def read(request: Asking, *args: object, **said: object) -> HttpResponse:
                check_query(request, read)
                told = view(request, *args, **said)
                return not_modified(request, told.as_json()) if etag else _linked(told, request)

            self._add("GET", path, read, scope, {200: shape}, _extra(scope, headers, OF_READING, more))
            return view

        return declare

    def post(
        self,
        path: str,
        scope: Scope,
        shape: type[Shape],
        desks: Collection[Desk],
        *,
        match: Current | None = None,
        status: int = 200,
        method: str = "POST",
    ) -> Callable[[View], View]:
        """Declare a write: one verb, done once, in one transaction with what is kept of its answer.

        ``desks`` are those the verb lets, for the documentation: the verb itself says no. ``match`` tells what
        If-Match is held against. ``status`` is that of success.
        """
        headers = [KEY, IF_MATCH] if match else [KEY]
        extra = _extra(scope, headers, PROBLEMS, {}) | {"x-desks": sorted(desks)}

        def declare(view: View) -> View:
            @wraps(view)
            def write(request: Asking, *args: object, **said: object) -> HttpResponse:
                check_query(request, write)

                def work() -> Reply:
                    try:
                        if match:
                            check_match(request, match, said)
                        told = view(request, *args, **said)
                    except AssayError as error:
                        return Reply(status_of(error), told_error(error))
                    return Reply(status, told.as_json(), told.about)

                reply = once(_asked(request), request.auth.at, work)
                return respond(reply.status, reply.body)

            self._add(method, path, write, scope, {status: shape}, extra)
            return view

        return declare

    def _add(
        self,
        method: str,
        path: str,
        view: Callable[..., HttpResponse],
        scope: Scope,
        response: Mapping[int, type[Shape]],
        extra: Json,
    ) -> None:
        title, _, more = (view.__doc__ or "").strip().partition("\n")
        self.router.add_api_operation(
            path,
            [method],
            view,
            auth=Bearer(scope),
            response=dict(response),
            operation_id=view.__name__,
            summary=title.strip().rstrip("."),
            description=" ".join(more.split()) or None,
            openapi_extra=extra,
        )


def check_query(request: Asking, view: Callable[..., HttpResponse]) -> None:
    """Raise BadInput for a parameter there is not: a filter that is misspelt must not look as if it held."""
    models = view._ninja_operation.models  # type: ignore[attr-defined]
    known = {
        name for model in models if model.__ninja_param_source__ == "query" for name in model.__ninja_flatten_map__
    }
    if strange := sorted(set(request.GET) - known):
        hint = f"There are {', '.join(sorted(known))}." if known else "There are none here."
        raise BadInput("unknown_parameter", f"There is no parameter {strange[0][:50]!r} here.", hint)


def _linked(told: Shape, request: Asking) -> HttpResponse:
    """The answer, and where it is a page the way to the next one."""
    response = respond(200, told.as_json())
    if following := getattr(told, "next", None):
        response["Link"] = f'<{following}>; rel="next"'
    return response


def _asked(request: Asking) -> Asked | None:
    """The request as one that may come again, where it has a key. Raises BadInput."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not re.fullmatch(rf"[!-~]{{1,{LONGEST_KEY}}}", key):
        sentence = f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters without blanks."
        raise BadInput("bad_key", sentence, "A UUID is a good one.")
    return asked(request.auth.token.pk, key, request.method or "", request.get_full_path(), request.body)


def _extra(scope: Scope, headers: Sequence[Json], problems: Collection[int], more: Mapping[int, Json]) -> Json:
    """What the specification says of an operation besides what its function does."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    refused = {status: {"description": PROBLEMS[status], "content": content} for status in problems}
    return {"x-scope": str(scope), "parameters": list(headers), "responses": {**refused, **more}}
