"""Backtests that were asked for are reckoned by themselves, each by a command in a process of its own.

So neither its memory nor its time is the pages', and on SQLite it may read the file by other means than they do.
"""

import json
import logging
import subprocess  # nosec B404 - starts our own command
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from assay.actions.backtests import LONGEST, claim, fail, keep, let_go
from assay.records.models import Backtest

PROGRAM = (sys.executable, "-c", "from assay.cli.main import main; main()")
IDLE_SECONDS = 2.0
DIED = "It broke off. Try it from a shell: assay policy backtest {number}"

Wanted = Callable[[], bool]

log = logging.getLogger(__name__)


def backtest_next(now: datetime, wanted: Wanted = lambda: True, pause: float = 0.2) -> Backtest | None:
    """Do the next one that waits, if one does. When nobody wants it any more it is let go."""
    row = claim(now)
    if row is None:
        return None
    close_old_connections()
    command = [*PROGRAM, "policy", "backtest", str(row.policy_id), "--now", now.isoformat(), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # nosec B603
    until = time.monotonic() + LONGEST.total_seconds()
    while True:
        try:
            out, err = process.communicate(timeout=pause)
            break
        except subprocess.TimeoutExpired:
            if wanted() and time.monotonic() < until:
                continue
            process.kill()
            process.communicate()
            let_go(row) if not wanted() else fail(row, DIED.format(number=row.policy_id))
            return row
    if process.returncode == 0:
        keep(row, json.loads(out))
        log.info("held policy version %d against history", row.policy_id)
    else:
        fail(row, _sentence(err) or DIED.format(number=row.policy_id))
    return row


def _sentence(said: bytes) -> str:
    """What the command says went wrong."""
    try:
        error = json.loads(said)
        return f"{error['message']} {error.get('hint', '')}".strip()
    except (ValueError, KeyError, TypeError):
        log.error("a backtest broke off: %s", said.decode(errors="replace")[-2000:])
        return ""


def backtest_while(wanted: Wanted) -> None:
    """Do what is asked for, for as long as ``wanted`` says so."""
    while wanted():
        done = backtest_next(datetime.now(UTC), wanted)
        close_old_connections()
        due = time.monotonic() + (0 if done else IDLE_SECONDS)
        while wanted() and time.monotonic() < due:
            time.sleep(0.5)
