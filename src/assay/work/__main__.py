"""The process beside the web server: started by `assay serve`, and gone when its parent is."""

import os
import signal
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings")
django.setup()

from assay.work.jobs import work_while  # noqa: E402 - it names the records


def main() -> None:
    """Work until the server that started this process has gone, however it went, or until told to stop."""
    # The server says who it is: it may have gone before we came here, and then another process is our parent.
    parent, stopped = int(sys.argv[1]), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    work_while(lambda: os.getppid() == parent and not stopped.is_set())


main()
