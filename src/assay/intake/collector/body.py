"""The body of a request: no more of it is held than a batch may have, packed or not."""

import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from assay.intake.collector.messages import MOST_BATCH_BYTES
from assay.intake.collector.refusals import Refused

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

TOO_LARGE = f"The request is over {MOST_BATCH_BYTES // 1024} KB: send smaller batches."


class Gone(Exception):
    """The client left before its request was whole."""


async def read_body(receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
    """The whole body, unpacked. Raises Refused where it is too large or packed wrongly, Gone where it never ends."""
    if (length := headers.get(b"content-length")) and length.isdigit() and int(length) > MOST_BATCH_BYTES:
        raise Refused("too_large", TOO_LARGE)
    message = await receive()
    body = _part(message)
    if message.get("more_body"):
        parts, size = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            parts.append(_part(message))
            size += len(parts[-1])
            if size > MOST_BATCH_BYTES:
                raise Refused("too_large", TOO_LARGE)
        body = b"".join(parts)
    if len(body) > MOST_BATCH_BYTES:
        raise Refused("too_large", TOO_LARGE)
    return _unpacked(body) if headers.get(b"content-encoding", b"").lower() in (b"gzip", b"x-gzip") else body


def _part(message: Mapping[str, Any]) -> bytes:
    if message["type"] == "http.disconnect":
        raise Gone
    part: bytes = message.get("body", b"")
    return part


def _unpacked(packed: bytes) -> bytes:
    """Gzip taken apart, and no further than a batch may be: a small packet can hold gigabytes."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(packed, MOST_BATCH_BYTES + 1)
    except zlib.error as error:
        raise Refused("bad_gzip", "The body says it is gzip and is not: send it as it is, or packed whole.") from error
    if len(body) > MOST_BATCH_BYTES:
        raise Refused("too_large", TOO_LARGE)
    if not unpacker.eof:
        raise Refused("bad_gzip", "The gzip body ends too early: send it again.")
    if unpacker.unused_data:
        raise Refused("bad_gzip", "Something follows the gzip body: pack it as one piece.")
    return body
