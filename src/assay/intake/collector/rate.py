"""How fast a key may send: a bucket that fills at its rate and holds ten seconds' worth."""

import math
import time
from collections.abc import Callable

BURST = 10
"""Seconds' worth of events that may come at once."""


class Bucket:
    """Counts events of one key in one process. Needs no lock: only one loop uses it."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._level, self._at = float(rate * BURST), clock()

    def take(self, count: int) -> int:
        """Take so many, and 0; or, where there are not as many, the seconds until there will be."""
        now = self._clock()
        self._level = min(self.rate * BURST, self._level + (now - self._at) * self.rate)
        self._at = now
        # A batch larger than the bucket passes when that is full; it then owes the rest.
        if self._level >= min(count, self.rate * BURST):
            self._level -= count
            return 0
        return max(1, math.ceil((min(count, self.rate * BURST) - self._level) / self.rate))
