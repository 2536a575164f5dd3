"""`assay restore`: a backup back into the database that is set."""

from pathlib import Path
from typing import Annotated

import typer

from assay.actions.restoring import check_version
from assay.actions.restoring import restore as put_back
from assay.cli.database import told
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.records.archive import reading


@told
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="What assay backup wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Lose what the database holds now.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only read the file against its checksums.")] = False,
    json: Json = False,
) -> None:
    """Put a backup into the database that ASSAY_DATABASE names, SQLite or PostgreSQL, wherever it was taken.

    All of it or nothing: a restore that is cut off leaves the database as it was. An older backup is brought up to
    date. Stop the server before, and start it after.

    \b
    Examples:
      assay restore /backups/today.zip --check
      ASSAY_DATABASE=postgresql://assay@localhost/assay assay restore /backups/today.zip
    """
    with reading(file) as archive:
        manifest = archive.manifest
        if check:
            check_version(manifest)
            with progress("Reading rows", manifest.rows) as advance:
                archive.check(advance)
        else:
            with progress("Restoring rows", manifest.rows) as advance:
                put_back(archive, advance, replace=replace)
    if json:
        made = {"assay": manifest.assay, "made_at": manifest.made_at, "database": manifest.database}
        show_json({"file": str(file), "rows": manifest.rows, "restored": not check, **made})
        return
    of = f"the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC, made by Assay {manifest.assay} on {manifest.database}"
    said = "is whole: nothing was changed" if check else "is restored. Ask now: assay doctor"
    say(f"{of[0].upper()}{of[1:]}, with {counted(manifest.rows, 'row')}, {said}.")
