"""What is kept of an event that could not be stored: all of it, but for the sender's address."""

import msgspec

from assay.intake.collector.messages import MOST_BYTES, NUL, is_deep


def kept(raw: bytes) -> object:
    """The event as JSON, or as text under ``text`` where it is none. Without NUL and the IP address."""
    text = NUL.sub(rb"\1", raw[:MOST_BYTES]).decode("utf-8", "backslashreplace").replace("\0", "")
    try:
        event = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {"text": text}
    if is_deep(event):
        return {"text": text}
    if isinstance(event, dict) and isinstance(event.get("context"), dict):
        event["context"].pop("ip", None)
    return event if isinstance(event, dict) else {"text": text}
