"""A policy's document as data: edited at a path, and written back as the TOML text of a file."""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from tests import cases

Path = tuple[str | int, ...]

TEXT = (cases.HERE / "policy.toml").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = tomllib.loads(TEXT)

GONE = object()
"""As a value: take the key away."""


def edited(path: Path, value: object, document: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    """The document with one value put, or taken away, at a path that may be new at its end."""
    changed = copy.deepcopy(document)
    table: Any = changed
    for step in path[:-1]:
        table = table[step]
    if value is GONE:
        del table[path[-1]]
    else:
        table[path[-1]] = value
    return changed


def paths(node: object, at: Path = ()) -> Iterator[Path]:
    """Every path of a document, tables before what they hold."""
    if at:
        yield at
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, below in steps:
        yield from paths(below, (*at, step))


def as_toml(document: dict[str, Any]) -> str:
    """The text of a policy file that holds this document."""
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in document.items())


def _key(key: str) -> str:
    return json.dumps(key)


def _value(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case str() | bool():
            return json.dumps(value)
        case date() | time():
            return value.isoformat()
        case int() if abs(value) >= 10**4000:
            return hex(value)
    return str(value)
