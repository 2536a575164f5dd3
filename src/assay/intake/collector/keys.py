"""The write keys that are in use, read again every few seconds: a page view asks no database for its key."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate

from assay.rate import Bucket
from assay.records.models import WriteKey

LOOK_AGAIN_SECONDS = 1.0
EVERY = 5.0
"""Seconds after which the keys are read again: as long may it take until a new one works everywhere."""


@dataclass(frozen=True)
class Key:
    """A write key, ready to use: its rules compiled, its rate limited."""

    id: int
    origins: frozenset[str]
    events: Mapping[str, str]
    pages: Sequence[tuple[re.Pattern[str], str]]
    bucket: Bucket | None

    def admits(self, origin: str) -> bool:
        """Whether a page of this origin may use the key; who sends no origin is no browser."""
        return not self.origins or not origin or origin in self.origins

    def kind_of_page(self, path: str) -> str | None:
        """The kind its rules give a page."""
        return next((kind for pattern, kind in self.pages if pattern.fullmatch(path)), None)


class Keys:
    """The keys by their text, as they were read last."""

    def __init__(self) -> None:
        self._known: dict[str, Key] = {}
        self._read_at = float("-inf")

    def __call__(self, text: str) -> Key | None:
        """The key, None where it is unknown or revoked."""
        return self._known.get(text)

    @property
    def age(self) -> float:
        """Seconds since they were read."""
        return time.monotonic() - self._read_at

    def renew(self, rows: Iterable[WriteKey]) -> None:
        """Take what was read; a key that stays keeps count of its rate."""
        self._read_at = time.monotonic()
        before = {key.id: key for key in self._known.values()}
        self._known = {row.key: ready(row, before.get(row.pk)) for row in rows}


def keys_in_use() -> list[WriteKey]:
    """Every key that was not revoked."""
    return list(WriteKey.objects.filter(revoked_at=None))


def ready(row: WriteKey, before: Key | None = None) -> Key:
    """A key on record, ready to use; ``before`` is what it was, whose rate it goes on counting."""
    bucket = before.bucket if before and before.bucket and before.bucket.rate == row.rate else None
    return Key(
        row.pk,
        frozenset(row.origins),
        {rule["event"].casefold(): rule["kind"] for rule in row.rules if "event" in rule},
        [(re.compile(translate(rule["path"])), rule["kind"]) for rule in row.rules if "path" in rule],
        (bucket or Bucket(row.rate)) if row.rate else None,
    )
