"""Whether something has changed since it was read: a hash of all that is told of it."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from django.http import HttpResponse
from django.utils.http import parse_etags

from assay.api.caller import Asking
from assay.api.problems import Rejected, respond
from assay.api.shapes import Shape

Current = Callable[[Asking, int], Shape]
"""Tells what a read of a thing of this number would, and holds it as it is until the transaction ends."""


def etag_of(body: str) -> str:
    """The strong ETag of a body."""
    return f'"{sha256(body.encode()).hexdigest()[:32]}"'


def not_modified(request: Asking, body: str) -> HttpResponse:
    """The body with its ETag, or nothing where the caller has it already."""
    etag = etag_of(body)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    same = "*" in known or etag in {one.removeprefix("W/") for one in known}
    response = HttpResponse(status=304) if same else respond(200, body)
    if same:
        del response["Content-Type"]
    response["ETag"] = etag
    return response


def check_match(request: Asking, current: Current, said: Mapping[str, object]) -> None:
    """Raise Rejected where the caller has read something that has changed since."""
    if "If-Match" not in request.headers:
        return
    number = said.get("lead_id") or said.get("deal_id")
    assert isinstance(number, int)
    etag = etag_of(current(request, number).as_json())
    wanted = parse_etags(request.headers["If-Match"])
    if "*" not in wanted and etag not in wanted:
        raise Rejected(412, "changed", "It has changed since you read it.", "Read it again and decide anew.")
