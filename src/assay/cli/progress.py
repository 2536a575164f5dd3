"""A bar for whoever waits: only on a terminal, and only once it has taken more than a moment."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PATIENCE = 1.0
"""Seconds before it appears."""
PACE = 0.1
"""Seconds between two movements."""


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yields a function to be told how much more is done, out of ``total`` where that is known."""
    if not sys.stderr.isatty():
        yield lambda more: None
        return
    columns = [BarColumn(bar_width=30)] if total else [SpinnerColumn()]
    bar = Progress(
        TextColumn("{task.description}"), *columns, TextColumn("{task.completed:,}"), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    task = bar.add_task(what, total=total)
    waiting, due = 0, monotonic() + PATIENCE

    def advance(more: int) -> None:
        nonlocal waiting, due
        waiting += more
        if monotonic() > due:  # telling the bar of each of millions of rows would take longer than the rows
            bar.start()
            bar.advance(task, waiting)
            waiting, due = 0, monotonic() + PACE

    try:
        yield advance
    finally:
        bar.stop()
