"""The dialect of a CSV file: delimiter, quote and escape, found in a sample of its text."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from assay.domain.errors import BadInput

_DELIMITERS = ",;\t|"
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_NONE = "(empty)"  # what DuckDB says where the sample has no quotes
_CLEVER_SAMPLE = 8 * 1024  # it tries every dialect, which takes seconds on more


class Dialect(NamedTuple):
    """How cells are told apart. ``escape`` is None where a quote inside a cell is written twice."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """A strict reader: raises csv.Error at a quote that does not match, instead of guessing."""
        return csv.reader(lines, delimiter=self.delimiter, quotechar=self.quote, escapechar=self.escape, strict=True)


def find_dialect(sample: str, delimiter: str | None = None) -> Dialect:
    """The dialect of a sample of whole lines, with the delimiter given or the most likely one.

    A dialect counts only if it splits the header: data is full of commas and quotes, headers are not.
    """
    if delimiter is not None:
        return _with_delimiter(sample, _NAMES.get(delimiter.lower(), delimiter))
    for guess in (_strictly, _loosely, _cleverly):
        found = guess(sample)
        if found and _splits_header(found, sample):
            return found
    header = sample.lstrip().partition("\n")[0]
    return Dialect(max(_DELIMITERS, key=header.count))


def _with_delimiter(sample: str, delimiter: str) -> Dialect:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise BadInput("bad_delimiter", f'"{delimiter}" is no delimiter.', "Give one character, such as ; or tab.")
    found = _loosely(sample)
    return found if found and found.delimiter == delimiter else Dialect(delimiter)


def _splits_header(dialect: Dialect, sample: str) -> bool:
    try:
        return len(next(dialect.reader(sample.splitlines(keepends=True)), [])) > 1
    except csv.Error:
        return False


def _strictly(sample: str) -> Dialect | None:
    return _by_duckdb(sample, strict=True)


def _loosely(sample: str) -> Dialect | None:
    """Rows of differing width and unmatched quotes are no obstacle."""
    return _by_duckdb(sample, strict=False)


def _by_duckdb(sample: str, strict: bool) -> Dialect | None:
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder, "sample.csv")
        path.write_text(sample, encoding="utf-8", errors="replace", newline="")
        try:
            found = connection.execute(
                'SELECT "Delimiter", "Quote", "Escape" FROM sniff_csv('
                "?, strict_mode = ?, ignore_errors = ?, null_padding = ?, all_varchar = true)",
                [str(path), strict, not strict, not strict],
            ).fetchone()
        except duckdb.Error:
            return None
    if not found or found[0] not in _DELIMITERS:
        return None
    delimiter, quote, escape = found
    return Dialect(delimiter, '"' if quote == _NONE else quote, None if escape in (_NONE, quote) else escape)


def _cleverly(sample: str) -> Dialect | None:
    import clevercsv

    try:
        found = clevercsv.Sniffer().sniff(sample[:_CLEVER_SAMPLE], delimiters=_DELIMITERS)
    except clevercsv.Error:
        return None
    if not found or not found.delimiter:
        return None
    return Dialect(found.delimiter, found.quotechar or '"', found.escapechar or None)
