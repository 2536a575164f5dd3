"""Why a row of a file is refused: a closed set of reasons, so that every refusal can be counted."""

from collections.abc import Mapping
from enum import StrEnum

from assay.domain.rows import Refusal

MOST_KEPT = 32 * 1024
"""Characters of a refused row that are kept."""


class Reason(StrEnum):
    """The code of a refusal."""

    # The row cannot be read as one.
    TOO_MANY_CELLS = "too_many_cells"
    BROKEN_QUOTE = "broken_quote"
    BROKEN_JSON = "broken_json"
    CELL_TOO_BIG = "cell_too_big"
    NUL_BYTE = "nul_byte"
    BAD_ENCODING = "bad_encoding"
    FORMULA = "formula"
    # It can be read and says nothing usable.
    REPEATED_HEADER = "repeated_header"
    FILLER = "filler"
    NO_CONTACT = "no_contact"
    NO_TIME = "no_time"
    NO_KIND = "no_kind"
    # A cell that matters is wrong.
    BAD_EMAIL = "bad_email"
    BAD_DATE = "bad_date"
    BAD_FLAG = "bad_flag"
    BAD_AMOUNT = "bad_amount"
    BAD_CURRENCY = "bad_currency"
    NO_SOURCE = "no_source"
    TOO_LONG = "too_long"


class Unusable(Exception):
    """Raised where the fault in a row is found; the reader turns it into a refusal and goes on."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason, self.sentence = reason, sentence


def refuse_text(line: int, why: Unusable, text: str) -> Refusal:
    """Refuse a row that never became cells. What is kept of it stands under ``text``."""
    return refuse_row(line, why, {"text": text.rstrip("\r\n")})


def refuse_row(line: int, why: Unusable, values: Mapping[str, object]) -> Refusal:
    """Refuse a row of named cells; blank ones and what exceeds ``MOST_KEPT`` are not kept."""
    kept: dict[str, object] = {}
    room = MOST_KEPT
    for column, value in values.items():
        if value is None or value == "":
            continue
        kept[column] = shown = storable(value, room)
        room -= len(str(shown))
    return Refusal(line, why.reason.value, why.sentence, kept)


def storable(value: object, room: int = MOST_KEPT) -> str | int | float | bool:
    """A cell in a form that JSON and every database take: bytes that were no text as ``\\xe9``."""
    if isinstance(value, bool | int) or (isinstance(value, float) and value - value == 0):
        return value
    text = str(value)[:room].encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.replace("\0", "\\x00")


def quoted(value: object) -> str:
    """A value as a sentence shows it: in quotes, not endless."""
    text = str(value)
    return f'"{text[:77]}..."' if len(text) > 80 else f'"{text}"'
