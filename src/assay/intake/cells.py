"""One cell of a file: what it may hold, when it counts as blank, and which texts a spreadsheet would run."""

import re
import unicodedata
from datetime import datetime

Cell = str | int | float | bool | datetime | None

BLANKS = frozenset(
    {"", "null", "(null)", "nil", "none", "nan", "n/a", "na", "n.a.", "-", "--", "-none-", "--none--"}
    | {"#n/a", "#name?", "#null!", "#num!", "#ref!", "#value!", "#div/0!"}
)
"""Texts that say nothing, in lower case: how databases, data frames and spreadsheets write a missing value."""

_LONGEST_BLANK = max(map(len, BLANKS))

# Harmful in a key: controls, zero-width space, byte order mark, direction overrides, half characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Text trimmed, on one line, without invisible characters, Unicode in one form (NFC)."""
    text = text.strip()
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()
    return text if text.isprintable() else " ".join(text.split())


def text_of(cell: Cell) -> str | None:
    """A cell as clean text, None where it is blank.

    Spreadsheets know no whole numbers, so 1001.0 is "1001".
    """
    if isinstance(cell, str):
        text = cell.strip()
        if not (text.isascii() and text.isprintable()):
            text = clean(text)
        return None if len(text) <= _LONGEST_BLANK and text.lower() in BLANKS else text
    if cell is None or _is_no_number(cell):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def value_of(cell: Cell) -> str | int | float | bool | None:
    """A further column's cell: clean text, a number or a truth value as it came, None where it is blank."""
    if isinstance(cell, str | datetime):
        return text_of(cell)
    if cell is None or _is_no_number(cell):
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _is_no_number(cell: Cell) -> bool:
    """Infinity and NaN say nothing, and no database takes them in JSON."""
    return isinstance(cell, float) and cell - cell != 0


# --- Formulas ------------------------------------------------------------------------------------

FORMULA_STARTS = frozenset("=+-@＝＋－＠")
"""What a formula can start with, in both widths: some spreadsheets take the wide ones for the same."""

_FORMULA = re.compile(
    r"""
    [=＝]                                           # =1+1
    | [+\-＋－] [^\W\d_]                             # -A1, +SUM(A1); not -5, not +33 1
    | [+\-＋－] [(\[{] (?![\d\s().\-/]*$)             # +(A1); not the phone number +(33) 1 42
    | [+\-＋－] .* (?: \|.*! | [-+*/^&(,]\s*[A-Za-z.]+\( )   # -2+3+cmd|' /C calc'!A0
    | [@＠] (?: [\w.]+\s*[(\[!] | [(\[{] | .*\|.*! )  # @SUM(A1); not the handle @acme
    """,
    re.VERBOSE | re.DOTALL,
)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text instead of showing it."""
    text = text.lstrip()
    return text[:1] in FORMULA_STARTS and text.lower() not in BLANKS and _FORMULA.match(text) is not None
