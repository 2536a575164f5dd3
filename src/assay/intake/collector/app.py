"""The collector: an ASGI application that answers 200 only when the events it was sent are stored."""

import asyncio
import base64
import binascii
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.db import Error

from assay.actions.landing import Landing, land
from assay.intake.collector.batches import may_wait, pack, take_apart
from assay.intake.collector.body import Gone, Receive, read_body
from assay.intake.collector.client_settings import asked_key, client_settings
from assay.intake.collector.group import AGAIN_SECONDS, Group
from assay.intake.collector.keys import EVERY, LOOK_AGAIN_SECONDS, Key, Keys, keys_in_use
from assay.intake.collector.messages import Batch, read_batch, read_event
from assay.intake.collector.refusals import Refused
from assay.intake.collector.steps import Passing, arrival
from assay.records.intake import landed_bytes
from assay.records.models import WriteKey
from assay.requests import tell_refusal

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Scope = MutableMapping[str, Any]
Header = tuple[bytes, bytes]

SHORT = {
    "t": "track",
    "i": "identify",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
    "b": "batch",
    "m": "batch",
    "import": "batch",
}
"""Other names of the calls: the browser's client uses the short ones."""
CALLS = {path: SHORT.get(path, path) for path in (*SHORT, *SHORT.values())}

MOST_EVENTS = 2_500
"""Of one batch."""

MOST_LANDED = 1 << 30
"""Bytes that may wait in the database to be sorted: with nobody to do that, the disk would fill."""

JSON = (b"content-type", b"application/json")
STORED = b'{"success":true}'
STORED_START: MutableMapping[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [JSON, (b"content-length", str(len(STORED)).encode())],
}
STORED_BODY: MutableMapping[str, Any] = {"type": "http.response.body", "body": STORED}
NO_STORE = (b"cache-control", b"no-store")
PREFLIGHT: list[Header] = [
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding, x-retry-count"),
    (b"access-control-max-age", b"86400"),
]

log = logging.getLogger(__name__)


class Collector:
    """One process' door for events. ``start`` and ``stop`` belong to the server's lifespan."""

    def __init__(self) -> None:
        self.keys, self.group = Keys(), Group(land)
        self._looking = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to write, and keep the keys fresh."""
        self.group.start()
        self._renewing = asyncio.create_task(self._keep_fresh())

    async def stop(self) -> None:
        """Write what waits; then nothing comes in any more."""
        if self._renewing:
            self._renewing.cancel()
        await self.group.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to /v1/..."""
        headers = dict(scope["headers"])
        cors = _cors(headers)
        call = CALLS.get(scope["path"].removeprefix("/v1/"))
        if scope["method"] == "POST" and call:
            await self._answer(call, _Request(scope, headers), receive, send, cors)
        elif scope["method"] == "OPTIONS":
            await answer(send, 204, b"", [*cors, *PREFLIGHT])
        elif (asked := asked_key(scope["path"])) and scope["method"] in ("GET", "HEAD"):
            await self._answer_settings(asked, _Request(scope, headers), send, cors)
        elif call is None:
            await answer(send, 404, _said("not_found", "There is no such call."), cors)
        else:
            await answer(send, 405, _said("use_post", "Send events by POST."), [*cors, (b"allow", b"POST, OPTIONS")])

    async def _answer(self, call: str, request: "_Request", receive: Receive, send: Send, cors: list[Header]) -> None:
        began = time.perf_counter()
        if known := self.keys(request.key):  # so that what cannot even be read counts for its key
            request.key_id = known.id
        try:
            body = await read_body(receive, request.headers)
            await (self._take_batch(request, body) if call == "batch" else self._take_one(call, request, body))
        except Refused as error:
            if request.count:
                self.group.refused[request.key_id, "refused", error.reason] += request.count
            name = tell_refusal(request.scope, f"/v1/{call}", error.status, error.reason, began)
            wait = [(b"retry-after", str(error.wait).encode())] if error.wait else []
            await answer(send, error.status, _said(error.reason, str(error)), [*cors, name, *wait])
        except Gone:
            return
        else:
            await (answer(send, 200, STORED, cors) if cors else answer_stored(send))

    async def _answer_settings(self, key: str, request: "_Request", send: Send, cors: list[Header]) -> None:
        """What the browser's client asks before it sends anything."""
        request.key = key
        try:
            await self._key(request, None)
        except Refused as error:
            status = 404 if error.reason == "unknown_key" else error.status
            await answer(send, status, _said(error.reason, str(error)), cors)
        else:
            await answer(send, 200, client_settings(key, request.host, request.scheme), [*cors, NO_STORE])

    async def _take_one(self, call: str, request: "_Request", body: bytes) -> None:
        event = read_event(body)
        key = await self._key(request, event.write_key)
        event.type = call
        self._slow_down(key, 1)
        found = arrival(Passing(event, body, key, datetime.now(UTC), request.agent))
        request.count = 0  # from here the group counts it
        await self.group.keep(Landing([found]), 1)

    async def _take_batch(self, request: "_Request", body: bytes) -> None:
        batch = read_batch(body)
        request.count = max(1, len(batch.batch))
        if len(batch.batch) > MOST_EVENTS:
            raise Refused("too_large", f"The batch holds over {MOST_EVENTS} events: send smaller ones.")
        key = await self._key(request, batch.write_key or _key_of_first(batch))
        self._slow_down(key, len(batch.batch))
        if may_wait(body):
            landing = Landing(sent=[pack(key, batch, request.agent)])
        else:
            opened = take_apart(key, batch, request.agent)
            self.group.refused.update(opened.refused)
            landing = Landing(list(opened.arrivals), list(opened.rejected))
        request.count = 0  # from here the group counts them
        if events := landing.events:
            await self.group.keep(landing, events)

    async def _key(self, request: "_Request", in_body: str | None) -> Key:
        """The key a request comes with. Raises Refused where there is none, or it is another website's."""
        text = request.key or in_body
        if not text:
            raise Refused("no_key", "Send the write key: by Basic authentication, or as writeKey in the body.")
        key = self.keys(text)
        if key is None:
            await self._look_again()  # it may be new
            key = self.keys(text)
        if key is None:
            raise Refused("unknown_key", "The write key is unknown or was revoked: copy it from the page Intake.")
        request.key_id = key.id
        if not key.admits(request.origin):
            raise Refused("wrong_origin", f"The write key is not for {request.origin[:200]}.")
        return key

    async def _look_again(self) -> None:
        """Read the keys for all who ask now: who brings unknown ones asks the database once a second at most."""
        asked = time.monotonic()
        async with self._looking:
            if time.monotonic() - self.keys.age < asked:  # nobody has read them meanwhile
                await asyncio.sleep(max(0.0, LOOK_AGAIN_SECONDS - self.keys.age))
                self.keys.renew(await self._read_keys())

    @staticmethod
    def _slow_down(key: Key, count: int) -> None:
        if key.bucket and (wait := key.bucket.take(count)):
            raise Refused("too_fast", f"The key takes {key.bucket.rate} events a second: send the rest later.", wait)

    async def _read_keys(self) -> list[WriteKey]:
        try:
            return await self.group.call(keys_in_use)
        except Error as error:
            log.warning("the write keys could not be read: %s", error)
            raise Refused("not_stored", "The database is away: send it again.", AGAIN_SECONDS) from error

    async def _keep_fresh(self) -> None:
        while True:
            with suppress(Refused):  # those known stay in use
                self.keys.renew(await self._read_keys())
            with suppress(Error):
                self.group.full = await self.group.call(landed_bytes) > MOST_LANDED
            await asyncio.sleep(EVERY)


class _Request:
    """What a request says of its sender, and how many events it stands for when it is turned away."""

    def __init__(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        self.scope, self.headers = scope, headers
        self.origin = headers.get(b"origin", b"").decode("latin-1")
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        # Only a browser's name says who acted; a server's library names itself.
        self.agent = agent if "Mozilla" in agent or self.origin else ""
        self.key = _basic(headers.get(b"authorization", b"")) or _queried(scope["query_string"])
        self.key_id, self.count = 0, 1

    @property
    def host(self) -> str:
        """The name it was sent to."""
        return self.headers.get(b"host", b"").decode("latin-1")

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return str(self.scope.get("scheme", "http"))


def _basic(header: bytes) -> str:
    """The user of Basic authentication, which is the write key."""
    if not header:
        return ""
    scheme, _, packed = header.partition(b" ")
    if scheme.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(packed, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _queried(query: bytes) -> str:
    return parse_qs(query.decode("latin-1")).get("writeKey", [""])[0] if query else ""


def _key_of_first(batch: Batch) -> str | None:
    """Some browsers' clients put the key into each event."""
    try:
        return read_event(bytes(batch.batch[0])).write_key if batch.batch else None
    except Refused:
        return None


def _cors(headers: Mapping[bytes, bytes]) -> list[Header]:
    """Any page may send; whether a key is for it is asked of the key."""
    origin = headers.get(b"origin")
    if not origin:
        return []
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"retry-after"),
        (b"vary", b"origin"),
    ]


def _said(code: str, message: str) -> bytes:
    return msgspec.json.encode({"success": False, "code": code, "message": message})


async def answer_stored(send: Send) -> None:
    """What a server that sent events hears nearly always, made once."""
    await send(STORED_START)
    await send(STORED_BODY)


async def answer(send: Send, status: int, body: bytes, headers: Sequence[Header] = (), kind: Header = JSON) -> None:
    """One whole answer."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [kind, length, *headers]})
    await send({"type": "http.response.body", "body": body})
