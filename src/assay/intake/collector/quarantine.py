"""What is kept of an event that could not be stored: all of it, but for the sender's address."""

import msgspec

from assay.domain.ip import cut_everywhere, cut_within
from assay.intake.collector.messages import MOST_BYTES


def kept(raw: bytes) -> object:
    """The event as JSON, or as text under ``text`` where it is none. Without NUL and whole IP addresses."""
    text = raw[:MOST_BYTES].decode("utf-8", "backslashreplace").replace("\\u0000", "").replace("\0", "")
    try:
        event = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {"text": cut_within(text)}
    if isinstance(event, dict) and isinstance(event.get("context"), dict):
        event["context"].pop("ip", None)
    return cut_everywhere(event) if isinstance(event, dict) else {"text": cut_within(text)}
