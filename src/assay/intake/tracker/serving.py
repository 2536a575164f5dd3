"""The tracker over HTTP, beside the collector: for anybody, with no session and no cookie."""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.utils.http import parse_etags

from assay.intake.tracker.scripts import Script, scripts

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FOR_EVER = "public, max-age=31536000, immutable"  # the version in the address is of these very bytes
FOR_AN_HOUR = "public, max-age=3600"
REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


async def serve(scope: Mapping[str, Any], _receive: Receive, send: Send) -> None:
    """Answer a request for `PATH`: a version as `?v=` names it, without that, or where it was never ours, today's."""
    if scope["method"] not in ("GET", "HEAD"):
        await _answer(send, 405, {"allow": "GET, HEAD"})
        return
    asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    script, lasting = _find(scope["query_string"])
    body, headers = _represent(script, asked.get("accept-encoding", ""))
    headers["cache-control"] = FOR_EVER if lasting else FOR_AN_HOUR
    if _has_it(asked.get("if-none-match", ""), headers["etag"]):
        await _answer(send, 304, headers)
    else:
        headers |= {"content-type": "text/javascript; charset=utf-8", "content-length": str(len(body))}
        await _answer(send, 200, headers, body if scope["method"] == "GET" else b"")


def _find(query: bytes) -> tuple[Script, bool]:
    """The script asked for, and whether its address will mean the same for ever."""
    version = parse_qs(query.decode("latin-1")).get("v", [""])[0]
    found = scripts().find(version)
    return found or scripts().current, found is not None


def _represent(script: Script, accepted: str) -> tuple[bytes, dict[str, str]]:
    """The bytes to send, and what is to be said of them."""
    headers = {
        "etag": f'"{script.version}"',
        "vary": "Accept-Encoding",
        "access-control-allow-origin": "*",  # without it no browser can check the integrity hash
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }
    if "gzip" not in accepted or REFUSES_GZIP.search(accepted):
        return script.text, headers
    return script.packed, headers | {"etag": f'"{script.version}-gzip"', "content-encoding": "gzip"}


def _has_it(known: str, etag: str) -> bool:
    tags = [tag.removeprefix("W/") for tag in parse_etags(known)]
    return etag in tags or "*" in tags


async def _answer(send: Send, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
