"""Rubbish that refers to itself is thrown away by a thread that holds nothing, and by no other.

An error of the database leaves a circle of references with a cursor in it. Whichever thread Python's collector happens
to run in closes that cursor, and on SQLite waits until nobody uses its connection. Where that thread is in the middle
of writing, and the other one waits for it to end, both wait: seen for minutes on a busy machine.
"""

import gc
import threading
from collections.abc import Sequence

EVERY_SECONDS = 1.0
FULL = 60
"""Every so many times all of it is gone through, else what is young."""

YOUNG, ALL = 1, 2


def run_all(threads: Sequence[threading.Thread]) -> None:
    """Run threads until all have ended, and collect in this one meanwhile, which must hold no transaction."""
    before, rounds = gc.isenabled(), 0
    gc.disable()
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            threads[rounds % len(threads)].join(EVERY_SECONDS)
            rounds += 1
            gc.collect(ALL if rounds % FULL == 0 else YOUNG)
    finally:
        if before:
            gc.enable()
