"""Text files of any encoding: which one it is, and their lines one by one.

UTF-8 is proven over the whole file. What is not UTF-8 can only be guessed, so the guess is shown
in the preview and the caller can name the encoding.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assay.domain.errors import BadInput
from assay.intake.opening import broken_gzip, open_bytes
from assay.intake.refusals import Reason, Unusable

LONGEST_LINE = 4 * 1024 * 1024
"""Characters of a line that are read; a longer one is cut there and refused."""

_BLOCK = 1024 * 1024
_SAMPLE = 32 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_OTHERS = ["cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "koi8_r"]
_ASIAN = ["cp932", "euc_jp", "gb18030", "big5", "cp949"]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file and its encoding. ``sound``: every byte is text in it, and none is NUL."""

    path: Path
    encoding: str
    sound: bool

    def lines(self) -> Iterator[str]:
        """The lines with their ends. Bytes that are no text come as half characters, see ``check_line``."""
        with io.TextIOWrapper(open_bytes(self.path), self.encoding, "surrogateescape", newline="") as file:
            for line in iter(partial(file.readline, LONGEST_LINE), ""):
                yield line
                rest = line if len(line) == LONGEST_LINE else "\n"
                while rest and not rest.endswith(("\n", "\r")):
                    rest = file.readline(LONGEST_LINE)

    def check_line(self, line: str) -> None:
        """Raise Unusable for a line that is endless, holds NUL or does not fit the encoding."""
        if len(line) == LONGEST_LINE:
            raise Unusable(Reason.CELL_TOO_BIG, "The row is over 4 MB: shorten its longest cell.")
        if self.sound:
            return
        if "\0" in line:
            raise Unusable(Reason.NUL_BYTE, "The row holds NUL bytes: export the file again.")
        if any("\udc80" <= letter <= "\udcff" for letter in line):
            raise Unusable(
                Reason.BAD_ENCODING, f"The row holds bytes that are no {self.encoding}: save it in one encoding."
            )


def text_file(path: Path, head: bytes, encoding: str | None = None) -> TextFile:
    """Find the encoding of a file, or check the one given. Raises BadInput for a wrong one and for no text."""
    chosen = _known(encoding, head) if encoding else _marked(head)
    _check_is_text(path, head.decode(chosen or "utf-8", "replace"))
    fits, has_nul = _survey(path, chosen or "utf-8")
    if not fits and not chosen:
        chosen = _guess(_foreign_lines(path))
        fits, has_nul = _survey(path, chosen)
    if not fits:
        _check_readable(path, chosen or "utf-8")
    return TextFile(path, chosen or "utf-8", fits and not has_nul)


def _known(encoding: str, head: bytes) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)  # knows which codecs are for text
    except LookupError:
        raise BadInput(
            "unknown_encoding", f'There is no encoding "{encoding}".', "Try utf-8, cp1252, latin-1 or utf-16."
        ) from None
    name = codecs.lookup(encoding).name
    return "utf-8-sig" if name == "utf-8" and head.startswith(codecs.BOM_UTF8) else name


def _marked(head: bytes) -> str | None:
    """The encoding that the first bytes give away: a byte order mark, or NULs in every other place."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    half = len(head) / 2
    low, high = head[::2].count(0), head[1::2].count(0)
    if high > half * 0.4 and low < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if low > half * 0.4 and high < half * 0.05 else None


def _check_is_text(path: Path, head: str) -> None:
    controls = sum(letter < " " and letter not in "\t\r\n\f\v" for letter in head)
    if controls > len(head) * 0.05:
        raise BadInput(
            "binary_file",
            f"{path} is not text and no format known here.",
            "Save it as CSV, XLSX, JSON lines or Parquet and try again.",
        )


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with open_bytes(path) as file:
            yield from iter(partial(file.read, _BLOCK), b"")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise broken_gzip(path) from None


def _survey(path: Path, encoding: str) -> tuple[bool, bool]:
    """Whether the whole file fits the encoding, and whether it holds NUL."""
    decoder = codecs.getincrementaldecoder(encoding)()
    has_nul = False
    try:
        for block in _blocks(path):
            has_nul = "\0" in decoder.decode(block) or has_nul
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False, has_nul
    return True, has_nul


def _check_readable(path: Path, encoding: str) -> None:
    """Single bytes that do not fit spoil their row; in some encodings they spoil all that follows."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise BadInput(
            "wrong_encoding", f"{path} is not in {encoding}.", "Leave the encoding out, or name another."
        ) from None


def _foreign_lines(path: Path) -> list[bytes]:
    """Lines that are not plain ASCII, enough of them to tell an encoding by."""
    lines: list[bytes] = []
    for block in _blocks(path):
        if not block.isascii():
            lines += (line for line in block.splitlines() if not line.isascii())
        if sum(map(len, lines)) > _SAMPLE:
            break
    return lines


def _guess(lines: list[bytes]) -> str:
    if sum(map(_is_utf8, lines)) > len(lines) / 2:
        return "utf-8"  # with a few broken rows
    import charset_normalizer

    sample = b"\n".join(lines)[:_SAMPLE]
    matches = charset_normalizer.from_bytes(sample, cp_isolation=[_WESTERN, *_OTHERS, *_ASIAN])
    best = matches.best()
    if best is None:
        return _WESTERN
    # Among equals it names the first by alphabet; Western files are by far the most.
    equals = [match for match in matches if (match.chaos, -match.coherence) <= (best.chaos, -best.coherence)]
    western = any(_WESTERN in match.could_be_from_charset for match in equals)
    return _WESTERN if western else best.encoding


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
