"""Leads that cross the threshold when one rule takes the place of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.domain.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Crossing:
    """A lead up to the gate: over the threshold only by the newer rule (``up``), or no more. Totals are fit and intent
    together."""

    lead: int
    rung: str
    up: bool
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Moved:
    """How many cross as of a time, and the best of them each way, or all. ``against`` is the version before, if one."""

    as_of: datetime
    up: int
    down: int
    leads: Sequence[Crossing]
    against: int | None = None


def moved(as_of: datetime, crossing: Sequence[Crossing], most: int = 0, against: int | None = None) -> Moved:
    """These leads, best first; ``most`` of each way are named, 0 is all."""
    up, down = ([one for one in crossing if one.up is way] for way in (True, False))
    named = [*up[: most or None], *down[: most or None]]
    return Moved(as_of, len(up), len(down), named, against)


def told(found: Moved) -> Phrase:
    """What comes of it, in a sentence."""
    if not found.up + found.down:
        return Phrase("No lead up to the gate crosses the threshold.")
    return Phrase(
        "{up} leads up to the gate come over the threshold, {down} fall below it.", up=found.up, down=found.down
    )
