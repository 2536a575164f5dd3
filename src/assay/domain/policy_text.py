"""Numbers changed in the text of a policy; comments, order and all else stay as people wrote them."""

from collections.abc import Iterable, Sequence
from typing import Any

import tomlkit

MARK = "# Proposed: "


def with_numbers(text: str, changes: Iterable[tuple[Sequence[str | int], float]], notes: Iterable[str] = ()) -> str:
    """The text with each number, found by its path, changed; ``notes`` stand above it in place of earlier ones."""
    document = tomlkit.parse(text)
    for path, value in changes:
        table: Any = document
        for step in path[:-1]:
            table = table[step]
        table[path[-1]] = int(value) if float(value).is_integer() else value
    written = tomlkit.dumps(document)
    kept = [line for line in written.splitlines(keepends=True) if not line.startswith(MARK)]
    return "".join([*(f"{MARK}{note}\n" for note in notes), *kept])
