"""What a write key may say: which page or event is which kind of signal, and which websites may use it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from assay.domain.errors import BadInput
from assay.domain.kinds import LONGEST_KIND, kind_of
from assay.domain.phrase import Phrase

Rule = dict[str, str]
"""``{"path": "/pricing*", "kind": "pricing_view"}`` or ``{"event": "Signed Up", "kind": "trial_started"}``."""

LONGEST_PATTERN = 500
MOST_RULES = 200
MOST_ORIGINS = 100
FASTEST = 100_000
"""Events a second: more than any machine takes."""


def page_rule(pattern: str, kind: str) -> Rule:
    """Pages whose path is like the pattern, in which * stands for anything, are of this kind. Raises BadInput."""
    path = pattern.strip()
    if not path.startswith(("/", "*")) or len(path) > LONGEST_PATTERN:
        raise BadInput(
            "bad_pattern",
            Phrase("“{text}” is no path of a page.", text=path[:80]),
            Phrase("Begin it with a slash, such as /pricing*; * stands for anything."),
        )
    return {"path": path, "kind": _kind(kind)}


def event_rule(name: str, kind: str) -> Rule:
    """Events of this name, in any case, are of this kind. Raises BadInput."""
    event = name.strip()
    if not event or len(event) > LONGEST_PATTERN:
        raise BadInput("bad_event", Phrase("A rule needs the name of the event, as the website sends it."))
    return {"event": event, "kind": _kind(kind)}


def _kind(text: str) -> str:
    kind = kind_of(text)
    if not kind or len(kind) > LONGEST_KIND:
        said = Phrase("“{text}” is no kind of signal.", text=kind[:80])
        raise BadInput("bad_kind", said, Phrase("Choose one of the policy's, such as pricing_view."))
    return kind


def origin(text: str) -> str:
    """A website as browsers name it: https://www.firm.example, without a path. Raises BadInput."""
    said = text.strip()
    try:
        parts = urlsplit(said if "://" in said else f"https://{said}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no_origin(said) from None
    if not host or parts.scheme not in _USUAL or any(mark in host for mark in " ,;*"):
        raise _no_origin(said)
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _USUAL[parts.scheme] else "")


def _no_origin(said: str) -> BadInput:
    return BadInput(
        "bad_origin",
        Phrase("“{text}” is no address of a website.", text=said[:80]),
        Phrase("Write it like https://www.firm.example, one a line."),
    )


_USUAL: Mapping[str, int] = {"http": 80, "https": 443}
