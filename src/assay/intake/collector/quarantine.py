"""What is kept of an event that could not be stored: all of it, but for the sender's address."""

import msgspec

from assay.domain.ip import cut_everywhere, cut_within
from assay.intake.collector.messages import MOST_BYTES, NOWHERE, NUL, Context, is_deep


def kept(raw: bytes, agent: str = "", context: Context | None = None, sent_at: str | None = None) -> object:
    """The event as JSON, or as text under ``text`` where it is none. Without NUL and whole IP addresses.

    What only its request or its batch said stands in it as well, so that a replay knows all that was known.
    """
    text = NUL.sub(rb"\1", raw[:MOST_BYTES]).decode("utf-8", "backslashreplace").replace("\0", "")
    try:
        event = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {"text": cut_within(text)}
    if not isinstance(event, dict) or is_deep(event):
        return {"text": cut_within(text)}
    if sent_at:
        event.setdefault("sentAt", sent_at)
    said = event.get("context") or msgspec.to_builtins(context or NOWHERE)
    if isinstance(said, dict):
        said.pop("ip", None)
        said = {"userAgent": agent, **said} if agent else said
        event |= {"context": said} if said else {}
    return cut_everywhere(event)
