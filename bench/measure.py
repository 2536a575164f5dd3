"""How a figure is taken: both sides in turn, A B A B, the median of the rounds and their spread."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

QUICK = os.environ.get("QUICK", "") not in ("", "0")


@dataclass(frozen=True)
class Figure:
    """One line of the results: both sides in ``unit`` and their ratio, each a median of the rounds."""

    name: str
    unit: str
    value: float
    reference: float
    ratio: float
    spread: float
    note: str = ""

    def row(self) -> str:
        return (
            f"| {self.name} | {self.value:,.4g} {self.unit} | {self.reference:,.4g} {self.unit} "
            f"| {self.ratio:.3f} | ±{self.spread:.0%} | {self.note} |"
        )


def per_second(work: Callable[[], int], clock: Callable[[], float] = time.perf_counter) -> float:
    """Things a second: ``work`` returns how many things it did."""
    start = clock()
    return work() / (clock() - start)


def seconds(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu_seconds(work: Callable[[], object]) -> float:
    """Seconds of CPU that ``work`` takes, by all threads of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(
    name: str, unit: str, value: Callable[[], float], reference: Callable[[], float], *, rounds: int, note: str = ""
) -> Figure:
    """Take both sides ``rounds`` times in turn; the spread is half the range of the ratios over their median."""
    pairs = [(value(), reference()) for _ in range(rounds)]
    ratios = [ours / theirs for ours, theirs in pairs]
    ratio = statistics.median(ratios)
    return Figure(
        name,
        unit,
        statistics.median(ours for ours, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        ratio,
        (max(ratios) - min(ratios)) / 2 / ratio,
        note,
    )
