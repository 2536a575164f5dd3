"""Where the command `assay` starts, and where whatever goes wrong becomes one sentence and an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from assay.cli.commands import LazyGroup, group, load
from assay.cli.failures import Interrupted, ReaderLeft, Unavailable, UsageFailure, report
from assay.domain.errors import AssayError

INTERRUPTED = 130

app = group()


def _version(asked: bool) -> None:
    if asked:
        load("assay.cli.version:show")()
        raise typer.Exit


@app.callback(cls=LazyGroup)
def assay(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it and stop.")
    ] = False,
) -> None:
    """Sort B2B sales leads by a rule that marketing and sales agreed on.

    \b
    Try it on your own files, nothing is stored:
      assay score --leads leads.csv --signals signals.csv
    See it with made-up data:
      assay demo
    """


def main() -> None:
    """Run the command line and end the process."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter shows its code instead of ending the command.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns its exit code: 0 ok, 1 refused by a rule, 2 bad usage or input, 130 interrupted."""
    as_json = "--json" in arguments
    try:
        code = _call(list(arguments) or ["--help"])
        sys.stdout.flush()
    except (BrokenPipeError, ReaderLeft):
        return _reader_left()
    except typer.TyperException as error:
        return report(UsageFailure.of(error), as_json=as_json)
    except AssayError as error:
        return report(error, as_json=as_json)
    except OSError as error:
        return report(Unavailable.of(error), as_json=as_json)
    return report(Interrupted(), as_json=as_json) if code == INTERRUPTED else code


def _call(arguments: list[str]) -> int:
    return int(typer.main.get_command(app).main(arguments, prog_name="assay", standalone_mode=False) or 0)


def _reader_left() -> int:
    """Whoever read our output has had enough, as `head` does: that is no failure."""
    # Python flushes once more at exit, and must not meet the closed pipe again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
