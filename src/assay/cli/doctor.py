"""`assay doctor`: is this installation sound, and if not, what to do."""

from rich.text import Text

from assay.cli.checks import findings
from assay.cli.failures import Unsound
from assay.cli.options import Json
from assay.cli.output import Cell, show_json, table

COLOURS = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(json: Json = False) -> None:
    """Check this installation, and say what to do where something is wrong. Changes nothing.

    \b
    Example:
      assay doctor
    """
    found = list(findings())
    if json:
        show_json({"checks": [finding._asdict() for finding in found]})
    else:
        rows: list[list[Cell]] = [
            [Text(line.state, style=COLOURS[line.state]), line.what, line.found, line.do] for line in found
        ]
        table(["", "Check", "~Found", "~What to do"], rows)
    failed = [line.what for line in found if line.state == "fail"]
    if failed:
        raise Unsound(failed)
