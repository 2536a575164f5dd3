"""The calls of Segment's HTTP API, as far as we read them: what comes in, typed, or a refusal."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from assay.intake.collector.refusals import Refused

MOST_BYTES = 32 * 1024
"""Of one event."""
MOST_BATCH_BYTES = 500 * 1024
"""Of one request."""
DEEPEST = 64
"""Objects and lists inside each other. What is deeper some reader behind us could not read back."""
NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""The character NUL as JSON writes it, and not a backslash that a "u0000" follows."""

Id = str | int | None
Decoded = TypeVar("Decoded")
Fields = dict[str, Any] | None


class Page(msgspec.Struct, gc=False, omit_defaults=True):
    """The page a browser was on."""

    url: str | None = None
    path: str | None = None
    referrer: str | None = None
    title: str | None = None


class Campaign(msgspec.Struct, gc=False, omit_defaults=True):
    """The UTM parameters of an address."""

    name: str | None = None
    source: str | None = None
    medium: str | None = None
    term: str | None = None
    content: str | None = None


class Consent(msgspec.Struct, rename="camel", omit_defaults=True):
    """What the person agreed to, by category."""

    category_preferences: dict[str, bool] | None = None


class Context(msgspec.Struct, rename="camel", omit_defaults=True):
    """Where an event came from."""

    page: Page | None = None
    campaign: Campaign | None = None
    referrer: Fields | str = None
    user_agent: str | None = None
    traits: Fields = None
    consent: Consent | None = None


NOWHERE = Context()


class Event(msgspec.Struct, rename="camel"):
    """One call. Fields that are not named here are left out."""

    type: str | None = None
    message_id: str | None = None
    anonymous_id: Id = None
    user_id: Id = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: Fields = None
    traits: Fields = None
    context: Context | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    group_id: Id = None
    previous_id: Id = None
    write_key: str | None = None


class Batch(msgspec.Struct, rename="camel"):
    """Several calls in one request; the rest of the envelope holds for all of them."""

    batch: list[msgspec.Raw]
    write_key: str | None = None
    sent_at: str | None = None
    context: Context | None = None


HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)
"""Half a character outside the first 65,536, as a browser sends it that has cut an emoji in two; or a whole one."""

TOO_DEEP = f"The event holds more than {DEEPEST} objects and lists inside each other: send it flatter."

_event = msgspec.json.Decoder(Event)
_anything = msgspec.json.Decoder[object]()
_batch = msgspec.json.Decoder(Batch)


def read_event(body: bytes | msgspec.Raw) -> Event:
    """One call. Raises Refused where it is too large, no JSON, or a field is not what it has to be."""
    if memoryview(body).nbytes > MOST_BYTES:
        raise Refused("too_large", f"The event is over {MOST_BYTES // 1024} KB: send less with it.")
    try:
        event = _decoded(_event, body)
    except msgspec.ValidationError as error:
        raise Refused("wrong_field", f"{error}. Correct that field.") from None
    except RecursionError:
        raise Refused("too_deep", TOO_DEEP) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("no_json", f"The event is no JSON: {error}.") from None
    raw = bytes(body)
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and is_deep(_decoded(_anything, raw)):
        raise Refused("too_deep", TOO_DEEP)
    return event


def _decoded(decoder: msgspec.json.Decoder[Decoded], body: bytes | msgspec.Raw) -> Decoded:
    """Read, with half characters replaced where it cannot be read as it is."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        mended = HALF.sub(lambda found: rb"\ufffd" if found[1] else found[0], bytes(body))
        return decoder.decode(mended)


def is_deep(value: object) -> bool:
    """Whether more lies inside each other than is kept."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def read_batch(body: bytes) -> Batch:
    """The envelope of a batch, its events not read yet. Raises Refused where it is none."""
    try:
        return _decoded(_batch, body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("no_batch", f'The body is no batch: {error}. Send {{"batch": [...]}}.') from None
