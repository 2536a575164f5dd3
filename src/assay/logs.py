"""What the logs look like: JSON where a program reads them, lines where a person does, and ids that belong together."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Whose lines these are. Of its own, because structlog's way to bind it costs as much as taking an event in."""

# Values of rows stand in PostgreSQL's details; the rest of a traceback names only code.
TOLD_VALUES = ("DETAIL:", "CONTEXT:")


def configuration(level: str) -> dict[str, object]:
    """Django's LOGGING: everything from this level on goes to stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"told": {"()": "assay.logs.formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "told"}},
        "root": {"handlers": ["stderr"], "level": level},
        # What Django says of a refused request is the line of that request, but with its address.
        "loggers": {"django.request": {"level": "ERROR"}},
    }


def formatter() -> logging.Formatter:
    """Whatever is logged through Python's own logging, told by structlog."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[_fields, *_shown(), structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
    )


def new_id() -> str:
    """An id for what belongs together, 24 characters."""
    return os.urandom(12).hex()


@contextmanager
def run(job: str) -> Iterator[None]:
    """Everything logged inside names the job, and an id of this run of it. Of use as a decorator, too."""
    with structlog.contextvars.bound_contextvars(job=job, run=new_id()):
        yield


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _shown() -> list[Processor]:
    return [] if _is_terminal() else [structlog.processors.format_exc_info, _without_values]


def _renderer() -> Processor:
    return structlog.dev.ConsoleRenderer() if _is_terminal() else structlog.processors.JSONRenderer()


def _fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The id of the request, and what a record brings as ``extra={"fields": {...}}``."""
    if request := request_id.get():
        event["request_id"] = request
    event.update(getattr(event["_record"], "fields", {}))
    return event


def _without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if isinstance(text := event.get("exception"), str):
        lines = (line for line in text.splitlines() if not line.startswith(TOLD_VALUES))
        event["exception"] = "\n".join(lines)
    return event
