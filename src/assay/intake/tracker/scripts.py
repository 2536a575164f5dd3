"""The tracker as it goes out, and every earlier one that some website still asks for by its integrity hash.

Before a released `tracker.js` is changed, a copy of it goes into the folder `earlier`, under any name: a browser
refuses a script that is not, byte for byte, what the website's page says, so without the copy such sites fall silent.
"""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

PATH = "/assay.js"
HERE = Path(__file__).parent
VERSION_LENGTH = 16


class Script(NamedTuple):
    """One text of the tracker; it goes out as it was written, because it is small and its readers are many."""

    text: bytes
    packed: bytes
    version: str
    integrity: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """The script in `file`; its version is the beginning of its hash, so that equal is equal anywhere."""
        text = file.read_bytes()
        digest = hashlib.sha384(text).digest()
        integrity = f"sha384-{base64.b64encode(digest).decode()}"
        return cls(text, gzip.compress(text, mtime=0), digest.hex()[:VERSION_LENGTH], integrity)


class Scripts:
    """Today's tracker and the earlier ones."""

    def __init__(self, current: Path, earlier: Iterable[Path] = ()) -> None:
        self.current = Script.read(current)
        self._known = {script.version: script for script in (*map(Script.read, earlier), self.current)}

    def find(self, version: str) -> Script | None:
        """The script of a version, if it was ever ours."""
        return self._known.get(version)


@cache
def scripts() -> Scripts:
    """What this installation serves, read once."""
    return Scripts(HERE / "tracker.js", (HERE / "earlier").glob("*.js"))
