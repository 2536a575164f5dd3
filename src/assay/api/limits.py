"""How fast one token may ask: a minute's worth at once, then so many a minute, in every process for itself."""

import math
import threading
from typing import NamedTuple

from assay.rate import Bucket
from assay.settings import current

MINUTE = 60


class Allowed(NamedTuple):
    """What is left of a token's limit; ``wait`` are the seconds until there is something, 0 while there is."""

    limit: int
    left: int
    wait: int

    def headers(self) -> dict[str, str]:
        """The limit in the words of the IETF's draft on rate limit header fields."""
        full_in = math.ceil((self.limit - self.left) * MINUTE / self.limit)
        policy = {"RateLimit-Policy": f'"token";q={self.limit};w={MINUTE}'}
        return policy | {"RateLimit": f'"token";r={self.left};t={self.wait or full_in}'}


class Limits:
    """The limits of every token in this process."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._buckets: dict[int, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, token: int) -> Allowed | None:
        """Count one request of a token; None where there is no limit."""
        if not self.a_minute:
            return None
        with self._lock:
            if token not in self._buckets:
                self._buckets[token] = Bucket(self.a_minute / MINUTE, burst=MINUTE)
            bucket = self._buckets[token]
            wait = bucket.take(1)
            return Allowed(self.a_minute, bucket.left, wait)


limits = Limits(current.api_rate)
