"""A picture as a file: `--plot FILE`."""

from pathlib import Path

from assay.cli.files import write_whole
from assay.cli.output import note
from assay.domain.errors import BadInput
from assay.pictures.picture import FORMATS, Picture


def plot_to(path: Path, picture: Picture) -> None:
    """Draw a picture into a file, in the format that its name ends with. Raises BadInput."""
    found = next((known for known in FORMATS if path.suffix.lower() == f".{known}"), None)
    if found is None:
        ends = ", ".join(f".{known}" for known in FORMATS)
        raise BadInput("unknown_format", f"{path} names no format.", f"End the name with one of {ends}.")
    if not path.parent.is_dir():
        raise BadInput("no_folder", f"There is no folder {path.parent}.", "Create it first.")
    drawn = picture.render(found)
    write_whole(path, lambda draft: draft.write_bytes(drawn))
    note(f"Picture written to {path}.")
