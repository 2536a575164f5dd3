"""The picture of an hour: a column a minute, what was taken below and what was not above it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from assay.records.intake import Minute, Outcome

MINUTES = 60
WIDTH, HEIGHT = 10, 100
"""Of a column, in the units of the picture."""
GAP = 2


class Column(NamedTuple):
    """One minute: where it stands, and what is drawn from the bottom up as (class, y, height)."""

    x: int
    parts: Sequence[tuple[str, float, float]]


class Chart(NamedTuple):
    """The picture with its size, and the figures it shows for those who do not see it."""

    columns: Sequence[Column]
    width: int
    height: int
    column: int
    since: datetime
    most: int
    most_at: datetime | None
    taken: int
    other: int


def chart(minutes: Sequence[Minute], until: datetime) -> Chart:
    """Draw the hour that ends with the minute ``until``."""
    since = until - timedelta(minutes=MINUTES - 1)
    taken: Counter[datetime] = Counter()
    other: Counter[datetime] = Counter()
    for entry in minutes:
        (taken if entry.outcome in (Outcome.ACCEPTED, Outcome.DUPLICATE) else other)[entry.minute] += entry.events
    both = taken + other
    most_at = max(both, key=lambda minute: (both[minute], minute), default=None)
    most = both[most_at] if most_at else 0
    places = [(place, since + timedelta(minutes=place)) for place in range(MINUTES)]
    columns = [Column(place * WIDTH, _parts(taken[at], other[at], most)) for place, at in places if both[at]]
    return Chart(
        columns, MINUTES * WIDTH, HEIGHT, WIDTH - GAP, since, most, most_at, sum(taken.values()), sum(other.values())
    )


def _parts(taken: int, other: int, most: int) -> list[tuple[str, float, float]]:
    """From the bottom up; something is never so little that it cannot be seen."""
    parts, top = [], float(HEIGHT)
    for style, count in (("bar-fit", taken), ("bar-bad", other)):
        if count:
            height = max(2.0, round(count / most * (HEIGHT - 4), 1))
            top = max(0.0, top - height)
            parts.append((style, round(top, 1), height))
    return parts
