"""A request's body, read strictly: JSON as it is defined, and no text that a database cannot hold."""

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser

from assay.api.problems import Rejected


class StrictParser(Parser):
    """Reads JSON without the liberties that Python's own reader takes."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - it is what anybody sent
        """The value. Raises Rejected."""
        try:
            value = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise Rejected(400, "bad_json", f"The body is no JSON: {error}.", "Send an object.") from None
        if _has_nul(value):
            raise Rejected(422, "bad_text", "A text cannot hold the character NUL.")
        return value


def _has_nul(value: object) -> bool:
    match value:
        case str():
            return "\0" in value
        case list():
            return any(map(_has_nul, value))
        case dict():
            return any(_has_nul(key) or _has_nul(each) for key, each in value.items())
    return False
