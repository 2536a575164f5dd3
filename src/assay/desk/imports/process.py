"""The process that brings a file in, so that neither closing the page nor restarting the server stops it."""

import subprocess  # nosec B404 - starts our own program
import sys
from threading import Thread

from assay.records.models import Upload


def start(upload: Upload) -> "subprocess.Popen[bytes]":
    """Start it in a session of its own; a thread waits for its end, so that no dead process is left over."""
    process = subprocess.Popen(  # nosec B603 - the number is our own
        [sys.executable, "-m", "assay.intake.bring_in", str(upload.pk)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=process.wait, daemon=True).start()
    return process
