"""A sign of life, so that `assay doctor` can tell whether anything works beside the web pages."""

from collections.abc import Callable
from datetime import UTC, datetime

from assay.actions.alive import beat
from assay.work.regularly import regularly

EVERY_SECONDS = 30.0


def beat_while(wanted: Callable[[], bool], pause: float = 0.5) -> None:
    """Give a sign of life twice a minute for as long as ``wanted`` says so."""
    regularly({sign_of_life: EVERY_SECONDS}, wanted, pause)


def sign_of_life() -> None:
    """Say that something works here now."""
    beat(datetime.now(UTC))
