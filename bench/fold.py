"""Signals folded per second of CPU time in one process, against one dict update a signal."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from assay.domain.intent import Signal
from assay.domain.score import Scorer
from assay.policies import shipped
from bench.measure import QUICK, Figure, compare, per_second


def figures() -> Iterator[Figure]:
    """One figure: the fold over a stream of one lead's signals of every kind."""
    signals = _signals(100_000 if QUICK else 400_000)
    fold, now = Scorer(shipped()).intent.fold, datetime(2026, 11, 1, tzinfo=UTC)

    def folded() -> int:
        fold(signals, now)
        return len(signals)

    def updated() -> int:
        seen: dict[str, datetime] = {}
        for message_id, _, at, _ in signals:
            seen[message_id] = at
        return len(signals)

    yield compare(
        "fold, one process",
        "signals/s of CPU",
        lambda: per_second(folded, time.process_time),
        lambda: per_second(updated, time.process_time),
        rounds=5,
        note="reference: one dict update a signal",
    )


def _signals(count: int) -> list[Signal]:
    chance, start = random.Random(7), datetime(2026, 9, 1, tzinfo=UTC)
    kinds = list(shipped().intent.signals)
    return [
        Signal(f"m{number}", chance.choice(kinds), start + timedelta(minutes=chance.randrange(60 * 24 * 60)))
        for number in range(count)
    ]
