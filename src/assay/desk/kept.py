"""Figures that took long are kept for a minute, so that whoever looks at them again or beside does not wait again.

What is quick is read anew each time: a small team sees each of its moves counted at once.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from django.utils.translation import get_language

LONG_SECONDS = 0.15
KEEP_SECONDS = 60.0
MOST = 256

Found = TypeVar("Found")

_guard = Lock()
_kept: "OrderedDict[Hashable, tuple[float, object]]" = OrderedDict()
_reading: dict[Hashable, Lock] = {}


def recall(key: Hashable, read: Callable[[], Found]) -> Found:
    """What was read under this key within the last minute, if that took long; else it is read now.

    The same is never read twice at once in one process. Texts may be in it: each language has its own.
    """
    key = (key, get_language())
    if (found := _fresh(key)) is not None:
        return cast(Found, found[1])
    with _guard:
        lock = _reading.setdefault(key, Lock())
    try:
        with lock:
            if (found := _fresh(key)) is not None:
                return cast(Found, found[1])
            began = time.monotonic()
            value = read()
            if time.monotonic() - began > LONG_SECONDS:
                _keep(key, value)
            return value
    finally:
        with _guard:
            _reading.pop(key, None)


def forget() -> None:
    """Keep nothing of what was read so far."""
    with _guard:
        _kept.clear()


def _fresh(key: Hashable) -> tuple[float, object] | None:
    found = _kept.get(key)
    return found if found and time.monotonic() - found[0] < KEEP_SECONDS else None


def _keep(key: Hashable, value: object) -> None:
    with _guard:
        _kept[key] = (time.monotonic(), value)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
