"""The parts of a score: what each criterion and each kind of signal added, and the sentence that says so."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

Axis = Literal["fit", "intent"]


class Part(NamedTuple):
    """One line of an explanation. The points of an axis' parts add up to that axis' score.

    ``verdict`` is ``match``, ``miss`` or ``unknown`` for a criterion, ``counted`` for a signal kind, and
    ``limit`` for what a clamp, a knockout or the lone cap took away.
    """

    axis: Axis
    name: str
    points: float
    sentence: str
    verdict: str = "limit"

    def as_json(self) -> dict[str, str | float]:
        """The part as programs and the records get it."""
        axis, name, points, sentence, verdict = self
        return {"axis": axis, "name": name, "points": points, "sentence": sentence, "verdict": verdict}


def points_text(points: float) -> str:
    """Points as people write them: ``+18``, ``-20``, ``+7.5``, ``0``."""
    rounded = round(points, 1) + 0.0
    return f"{rounded:+g}" if rounded else "0"


@lru_cache(maxsize=1024)
def amount_text(points: float) -> str:
    """Points without a sign: ``18``, ``7.5``."""
    return f"{round(points, 1) + 0.0:g}"


def main_reasons(parts: Iterable[Part], most: int = 3) -> list[str]:
    """The sentences of the parts that weigh most, for or against, and of each axis at least the heaviest.

    What only keeps a score within limits is no reason.
    """
    telling = [part for part in parts if round(part.points, 1) and part.verdict != "limit"]
    telling.sort(key=lambda part: -abs(part.points))
    heaviest = {part.axis: part for part in reversed(telling)}.values()
    chosen = [*heaviest, *(part for part in telling if part not in heaviest)][:most]
    return [part.sentence for part in sorted(chosen, key=lambda part: -abs(part.points))]
