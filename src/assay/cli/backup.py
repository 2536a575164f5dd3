"""`assay backup`: everything in one file, while the server runs."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli import clock
from assay.cli.database import with_database
from assay.cli.files import write_whole
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.domain.errors import BadInput
from assay.records.archive import Manifest
from assay.records.backup import back_up, remember

MEGABYTE = 1024**2


@with_database
def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="File to write, or a folder for it.")
    ],
    keep: Annotated[
        int, typer.Option(min=0, metavar="N", help="In a folder: leave the newest N backups, 0 leaves all.")
    ] = 0,
    json: Json = False,
) -> None:
    """Write everything to one file, while the server runs and people work.

    It holds every row as of one moment, the key that signs sessions, and files handed in and not brought in yet; not
    the lake, which `assay lake sync` makes anew. It goes back into SQLite and PostgreSQL alike. Keep it as safe as
    the database: whoever has it has all of it.

    \b
    Examples:
      assay backup /backups/today.zip
      assay backup /backups --keep 14
    """
    at = clock.now()
    path = _place(file, at)
    made: list[Manifest] = []

    def write(draft: Path) -> int:
        with progress("Writing rows") as advance:
            made.append(back_up(draft, at, advance))
        return made[0].rows

    rows, size = write_whole(path, write), path.stat().st_size
    remember(path, at)
    gone = _thin_out(path.parent, keep) if keep and file.is_dir() else []
    if json:
        dropped = [str(old) for old in gone]
        show_json({"file": str(path), "rows": rows, "bytes": size, "at": at.isoformat(), "dropped": dropped})
    else:
        say(f"{counted(rows, 'row')} in {path}, {size / MEGABYTE:,.1f} MB. Keep it as safe as the database.")


def _place(file: Path, at: datetime) -> Path:
    """The file to write: never one that is there, because it may be the only backup. Raises BadInput."""
    path = file / f"assay-{at:%Y%m%d-%H%M%S}.zip" if file.is_dir() else file
    if not path.parent.is_dir():
        raise BadInput("no_folder", f"There is no folder {path.parent}.", "Create it first.")
    if path.exists():
        raise BadInput("file_exists", f"{path} is there already.", "Name another file, or a folder.")
    return path


def _thin_out(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest backups of a folder, by the time in their names."""
    old = sorted(folder.glob("assay-????????-??????.zip"))[:-keep]
    for path in old:
        path.unlink()
    return old
