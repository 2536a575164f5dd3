"""Files that a command writes: whole or not at all."""

import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], int]) -> int:
    """Let ``write`` make a file, and put it in its place only when it is complete."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".assay-") as folder:
        draft = Path(folder, path.name)
        count = write(draft)
        draft.replace(path)
    return count
