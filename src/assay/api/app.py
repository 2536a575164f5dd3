"""The API put together: its rooms, how it reads, how it refuses, and its specification."""

import logging
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ConfigError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from assay.api import companies, inbox
from assay.api.deals import pages as deals
from assay.api.leads import drafting, entering, finding, moves
from assay.api.problems import Mistake, Rejected, answer, respond, told
from assay.api.reading import StrictParser
from assay.api.reports import audit, funnel, policy, sources
from assay.api.shapes import ProblemDetails
from assay.domain.errors import AssayError

PARTS = (finding, entering, drafting, moves, deals, inbox, companies, funnel, audit, sources, policy)
"""The modules in which operations stand, in the order of the documentation."""

ABOUT = """Leads, decisions and figures for programs, by the same verbs and rights as the pages and the shell.
Events of websites and products go to the collector instead: `POST /v1/track` and its siblings."""

log = logging.getLogger(__name__)


class Specification(OpenAPISchema):
    """Ninja's, which would otherwise let one shape quietly take the place of another of the same name."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Add shapes. Raises ConfigError for two of one name."""
        for name, shape in definitions.items():
            if self.schemas.setdefault(name, shape) != shape:
                raise ConfigError(f"There are two shapes called {name}.")


class Api(NinjaAPI):
    """Ninja's, with what every operation shares in its specification."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, **_: object) -> OpenAPISchema:
        """The specification, OpenAPI 3.1."""
        schema = Specification(self, path_prefix or "")
        shape = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.add_schema_definitions(shape.pop("$defs") | {"ProblemDetails": shape})
        return schema


def make() -> Api:
    """The API with all its rooms."""
    api = Api(
        title="Assay",
        version="1",
        description=ABOUT,
        urls_namespace="api",
        openapi_url=None,
        docs_url=None,
        parser=StrictParser(),
    )
    for router in dict.fromkeys(part.room.router for part in PARTS):
        api.add_router("", router)
    for kind in (AssayError, HttpError, ValidationError, OperationalError, Exception):
        api.add_exception_handler(kind, refuse)
    return api


def refuse(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Whatever went wrong, told as a problem; what nobody expected is left to Django, which logs it and answers 500."""
    match error:
        case AssayError():
            return answer(error)
        case HttpError() if isinstance(error.__cause__, AssayError):  # why the body could not be read
            return answer(error.__cause__)
        case HttpError():
            return respond(error.status_code, told(error.status_code, "bad_request", error.message))
        case ValidationError():
            mistakes = [_mistake(one["loc"], str(one["msg"])) for one in error.errors]
            return respond(422, told(422, "invalid", "It is not as the specification says.", mistakes=mistakes))
        case OperationalError():
            log.warning("the database did not answer a program in time")
            sentence = "The database is busy; nothing was changed."
            return answer(Rejected(503, "busy", sentence, "Ask again in a moment.", {"Retry-After": "2"}))
    raise error


def _mistake(where: tuple[str | int, ...], what: str) -> Mistake:
    source, *path = map(str, where)
    if source == "body":
        return {"pointer": "".join(f"/{step}" for step in path[1:]), "detail": what}
    return {"parameter": path[-1] if path else source, "detail": what}


api = make()
