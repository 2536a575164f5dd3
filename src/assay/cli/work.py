"""`assay work`: the process that works beside the web pages, where it is wanted on its own."""

import signal
import threading

import typer

from assay.cli.database import with_database
from assay.work.jobs import work_while


@with_database
def work() -> None:
    """Count signals as they come in, and score as time passes; `assay serve` starts one of these itself.

    With PostgreSQL several may run, on several machines: they share the work.

    \b
    Example:
      assay serve --no-work & assay work & assay work
    """
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    typer.echo("Working. Stop it with Ctrl-C.")
    work_while(lambda: not stopped.is_set())
