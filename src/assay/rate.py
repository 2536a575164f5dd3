"""How fast somebody may send: a bucket that fills at a rate and holds so many seconds' worth."""

import math
import time
from collections.abc import Callable

BURST = 10
"""Seconds' worth that may come at once, where nothing else is said."""


class Bucket:
    """Counts what one sender sends to one process. It has no lock: threads that share one bring their own."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic, burst: float = BURST) -> None:
        self.rate, self.full, self._clock = rate, rate * burst, clock
        self._level, self._at = float(self.full), clock()

    def take(self, count: int) -> int:
        """Take so many, and 0; or, where there are not as many, the seconds until there will be."""
        self._fill()
        # A batch larger than the bucket passes when that is full; it then owes the rest.
        if self._level >= min(count, self.full):
            self._level -= count
            return 0
        return max(1, math.ceil((min(count, self.full) - self._level) / self.rate))

    @property
    def left(self) -> int:
        """How many could be taken at once now."""
        self._fill()
        return max(0, int(self._level))

    def _fill(self) -> None:
        now = self._clock()
        self._level = min(self.full, self._level + (now - self._at) * self.rate)
        self._at = now
