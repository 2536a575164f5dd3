"""Outcomes are learned from once a week, where enough have come, and open leads are predicted by it minute by minute.

Learning takes a processor for seconds to minutes: it has a process of its own, so that the scorer never waits for it.
"""

import logging
import subprocess  # nosec B404 - starts ourselves
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from assay.actions.learning import due, learn_again, predict
from assay.domain.chances import LEAST
from assay.work.regularly import regularly

LEARN_SECONDS, PREDICT_SECONDS = 3600.0, 60.0
"""How often it is asked whether to learn again, and which leads are not predicted yet."""
START_SECONDS = 10.0
"""What else begins goes first."""
APART = (sys.executable, "-m", "assay.work.learning_apart")

log = logging.getLogger(__name__)


def learn_while(wanted: Callable[[], bool], pause: float = 1.0) -> None:
    """Learn and predict for as long as ``wanted`` says so."""

    def learning() -> None:
        _learn(wanted)

    regularly({learning: LEARN_SECONDS, predicting: PREDICT_SECONDS}, wanted, pause, START_SECONDS)


def predicting() -> None:
    """Predict as of now what is not predicted yet."""
    predict(datetime.now(UTC))


def _learn(wanted: Callable[[], bool]) -> None:
    now = datetime.now(UTC)
    outcomes = due(now)
    if outcomes >= LEAST:
        learn_apart(wanted)
    elif outcomes:
        learn_again(now)  # too few: said at once


def learn_apart(wanted: Callable[[], bool]) -> None:
    """Learn in a process of its own, which ends when it has learned or when nobody wants it any more."""
    process = subprocess.Popen(APART)  # nosec B603 - ourselves
    try:
        while process.poll() is None and wanted():
            time.sleep(0.2)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()
