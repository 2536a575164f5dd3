"""CSV files row by row, with exact line numbers. A broken row is refused alone, whatever it would swallow."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assay.domain.errors import BadInput
from assay.domain.rows import Refusal
from assay.intake.dialect import Dialect, find_dialect
from assay.intake.encoding import LONGEST_LINE, TextFile, text_file
from assay.intake.refusals import Reason, Unusable, refuse_text
from assay.intake.rows import MOST_IN_A_CELL, Format, Record, Source

# The csv module knows only one limit for the whole process, and its own of 128 KB is an accident of history.
csv.field_size_limit(MOST_IN_A_CELL)

_SAMPLE = 64 * 1024
_EXCEL_HINT = re.compile(r"sep=(.)\s*$")


def read_csv(path: Path, head: bytes, encoding: str | None = None, delimiter: str | None = None) -> Source:
    """The header of a CSV file, how it is written, and its rows. Raises BadInput where there is no header."""
    text = text_file(path, head, encoding)
    sample = _sample(text)
    hint = _EXCEL_HINT.match(sample[0]) if sample else None
    skip = 1 if hint else 0
    if delimiter is None and hint:
        delimiter = hint[1]
    dialect = find_dialect("".join(sample[skip:]), delimiter)
    file = CsvFile(text, dialect, skip)
    header = next(file.records(), None)
    if header is None or isinstance(header, Refusal):
        raise BadInput(
            "no_columns", f"{path} does not start with a header.", "Put the column names into its first line."
        )
    return Source(
        [str(cell) for cell in header[1]],
        Format("csv", encoding=text.encoding, delimiter=dialect.delimiter, quote=dialect.quote),
        lambda: islice(file.records(), 1, None),
    )


def _sample(text: TextFile) -> list[str]:
    lines: list[str] = []
    size = 0
    for line in text.lines():
        size += len(line)
        if lines and size > _SAMPLE:
            break
        lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file and how it is written. ``skip`` lines stand before the header."""

    text: TextFile
    dialect: Dialect
    skip: int

    def records(self) -> Iterator[Record | Refusal]:
        """The header and the rows, each with the number of its first line; blank lines are left out."""
        lines = islice(self.text.lines(), self.skip, None)
        returned: deque[str] = deque()
        taken: list[str] = []
        line, width = self.skip + 1, 0
        while True:
            try:
                for cells in self.dialect.reader(self._fed(lines, returned, taken)):
                    if cells:
                        width = width or len(cells)
                        yield line, cells
                    line += len(taken)
                    taken.clear()
                return
            except (csv.Error, Unusable) as error:
                broken = self._broken_lines(taken, width)
                yield refuse_text(line, _why(error, broken < len(taken)), "".join(taken[:broken]))
                # What the broken row would have swallowed is read again.
                returned.extendleft(reversed(taken[broken:]))
                line += broken
                taken.clear()

    def _fed(self, lines: Iterator[str], returned: deque[str], taken: list[str]) -> Iterator[str]:
        """Lines for the csv module, noted in ``taken`` until their row is complete."""
        suspicious = not self.text.sound
        while text := returned.popleft() if returned else next(lines, ""):
            taken.append(text)
            if suspicious or len(text) == LONGEST_LINE:
                self.text.check_line(text)
            yield text

    def _broken_lines(self, taken: list[str], width: int) -> int:
        """How many of the lines taken belong to a broken row: all before the first that is a full row by itself."""
        for number, text in enumerate(taken[1:], start=1):
            try:
                if len(next(self.dialect.reader([text]), [])) == width:
                    return number
            except csv.Error:
                continue
        return len(taken)


def _why(error: Exception, swallows: bool) -> Unusable:
    if isinstance(error, Unusable):
        return error
    if "field limit" in str(error) and not swallows:
        return Unusable(Reason.CELL_TOO_BIG, "The row has a cell of over 1 MB: shorten it.")
    return Unusable(Reason.BROKEN_QUOTE, "A quote is not closed, or stands inside a cell: close it, or write it twice.")
