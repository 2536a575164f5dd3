"""What can go wrong besides a rule saying no, and how any of it is told: one sentence on stderr, or JSON."""

import errno
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Self

import typer

from assay.domain.errors import AssayError, BadInput, PolicyInvalid


class UsageFailure(BadInput):
    """The command line itself makes no sense."""

    @classmethod
    def of(cls, error: typer.TyperException) -> Self:
        """What the parser of the command line found."""
        context = getattr(error, "ctx", None)
        hint = f"See: {context.command_path} --help" if context else "See: assay --help"
        return cls("bad_usage", " ".join(error.format_message().split()), hint)


class Unavailable(AssayError):
    """Something the command needs is not there: the database, a folder, room on the disk."""

    exit_code = 2

    @classmethod
    def of(cls, error: OSError) -> Self:
        """What the operating system said."""
        where = f"{error.filename}: " if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return cls("disk_full", f"{where}the disk is full.", "Make room and run the command again.")
        return cls("system", f"{where}{error.strerror or error}.", "Check the name and your rights, then try again.")


class NothingUsable(BadInput):
    """A file was read and holds no row that can be used."""

    def __init__(self, name: str, reasons: Sequence[str], hint: str = "Nothing was changed.") -> None:
        super().__init__("nothing_usable", f"No row of {name} can be used.", hint)
        self.lines, self.details = tuple(reasons), {"rows": list(reasons)}


class SomeFailed(AssayError):
    """Several leads were to be moved and some were refused; the others have moved."""

    def __init__(self, asked: int, failed: Mapping[int, AssayError]) -> None:
        super().__init__("some_failed", f"{len(failed)} of {asked} leads were not moved:")
        self.lines = tuple(f"lead {lead_id}: {error}" for lead_id, error in failed.items())
        self.details = {
            "failed": [
                {"lead": lead_id, "error": error.code, "message": error.sentence, "hint": error.hint}
                for lead_id, error in failed.items()
            ]
        }


class Unsound(AssayError):
    """The installation has faults."""

    def __init__(self, checks: Sequence[str]) -> None:
        super().__init__("unsound", f"Not sound: {', '.join(checks)}.", "Do what the list says, then ask again.")


class Interrupted(AssayError):
    """Somebody pressed Ctrl-C."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("interrupted", "Stopped.", "What was reported as done stays done.")


class ReaderLeft(Exception):
    """Whoever read our output closed it."""


def report(error: AssayError, *, as_json: bool) -> int:
    """Tell it on stderr, for people or for programs. Returns the exit code."""
    print(_as_json(error) if as_json else _as_text(error), file=sys.stderr)  # noqa: T201 - the one place for it
    return error.exit_code


def _as_json(error: AssayError) -> str:
    told: dict[str, object] = {"error": error.code, "message": error.sentence, "hint": error.hint}
    details = {"mistakes": error.mistakes} if isinstance(error, PolicyInvalid) else getattr(error, "details", {})
    return json.dumps(told | details)


def _as_text(error: AssayError) -> str:
    if isinstance(error, PolicyInvalid):
        return "\n  ".join(["The policy cannot be used:", *error.mistakes])
    lines = [error.sentence, *getattr(error, "lines", ())]
    return "\n  ".join([*lines, error.hint] if error.hint else lines)
