"""Opening a file that people hand in: can it be read at all, and what is it by its content?"""

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Literal, cast

from assay.domain.errors import BadInput

Content = Literal["json", "parquet", "sheet", "text"]

_HEAD = 64 * 1024
_SHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_JSON = frozenset({".json", ".jsonl", ".ndjson"})
_GZIP, _ZIP, _PARQUET, _OLE = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
_BINARY = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
    b"BZh": "an archive",
    b"\xfd7zXZ": "an archive",
    b"\x28\xb5\x2f\xfd": "an archive",
}
_SAVE_AS = "Save it as CSV, XLSX, JSON lines or Parquet and try again."


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def read_head(path: Path) -> bytes:
    """The first bytes of a file, unpacked. Raises BadInput where it cannot be read or is empty."""
    try:
        with open_bytes(path) as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise BadInput("no_file", f"There is no file {path}.", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise BadInput("is_folder", f"{path} is a folder.", "Name one file in it.") from None
    except PermissionError:
        raise BadInput("no_permission", f"{path} may not be read.", "Give yourself the right to.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise broken_gzip(path) from None
    except OSError as error:
        raise BadInput("unreadable", f"{path} cannot be read: {error.strerror}.", "Try a copy.") from None
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise BadInput("empty_file", f"{path} is empty.", "Export it again, with a header and rows.")
    return head


def broken_gzip(path: Path) -> BadInput:
    """The error for a packed file that breaks off."""
    return BadInput("broken_gzip", f"{path} is a damaged gzip file.", "Copy or export it again.")


def content_of(path: Path, head: bytes) -> Content:
    """What a file is, by its first bytes, then by its suffix. Raises BadInput for what is no table."""
    suffix = path.with_suffix("").suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(_OLE) or (head.startswith(_ZIP) and _is_sheet(path)):
        return "sheet"
    _check_not_binary(path, head)
    if suffix == ".parquet":
        raise BadInput("broken_parquet", f"{path} is no Parquet file.", "Export it again.")
    if suffix in _SHEETS:
        raise BadInput(
            "broken_spreadsheet", f"{path} is no spreadsheet, whatever its name says.", "Save it again as XLSX."
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return "json" if suffix in _JSON or start.startswith(b'{"') else "text"


def _is_sheet(path: Path) -> bool:
    """Whether a ZIP archive holds a workbook. A damaged one goes by its name, so that its reader says so."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") or name == "content.xml" for name in archive.namelist())
    except zipfile.BadZipFile:
        return path.suffix.lower() in _SHEETS


def _check_not_binary(path: Path, head: bytes) -> None:
    what = next((what for start, what in _BINARY.items() if head.startswith(start)), None)
    if head.startswith(_ZIP):
        raise BadInput("binary_file", f"{path} is a ZIP archive, not a table.", "Unpack it first.")
    if what:
        raise BadInput("binary_file", f"{path} is {what}, not a table.", _SAVE_AS)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        raise BadInput("web_page", f"{path} is a web page or XML, not a table.", _SAVE_AS)
