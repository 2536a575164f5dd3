"""Rows of a signal file become clean, typed signals, or refusals that say what to correct."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from hashlib import blake2b

from assay.domain.contact import email_identity
from assay.domain.rows import Refusal, SignalRow
from assay.intake.cells import Cell, text_of, value_of
from assay.intake.columns import SIGNAL_FIELDS
from assay.intake.date_order import DateOrder, settle_order
from assay.intake.moments import Moments
from assay.intake.refusals import Reason, Unusable, quoted
from assay.intake.rows import RawRow, Table

__all__ = ["Refusal", "SignalRow", "read_signals"]

LONGEST = {"message_id": 200, "lead_id": 320, "visitor_id": 320, "url": 8_000, "kind": 100}
"""Characters of a field: what is longer is no id and fits no record."""

_TRUE = frozenset({"1", "bot", "t", "true", "y", "yes"})
_FALSE = frozenset({"0", "f", "false", "human", "n", "no"})


def read_signals(
    table: Table, mapping: Mapping[str, str], *, tz: tzinfo, date_order: DateOrder = "auto"
) -> Iterator[SignalRow | Refusal]:
    """Each row as a signal or a refusal, in the order of the file; ``mapping`` is field -> column.

    A time without zone is in ``tz``. Raises BadInput, before the first row, when the order of
    day and month must be asked for.
    """
    column = mapping["at"]
    order = settle_order(column, table.cells(column), date_order)
    return table.build(_SignalReader(table, mapping, Moments("at", tz, order)))


class _SignalReader:
    """Makes a signal of one row."""

    def __init__(self, table: Table, mapping: Mapping[str, str], moments: Moments) -> None:
        mapped = set(mapping.values())
        self._further = [column for column in table.columns if column not in mapped]
        self._texts = [(field, mapping[field]) for field in SIGNAL_FIELDS if field in mapping and field != "at"]
        self._at, self._moments = mapping["at"], moments

    def __call__(self, row: RawRow) -> SignalRow:
        values = row.values
        given = {field: text for field, column in self._texts if (text := text_of(values[column])) is not None}
        properties = {column: value for column in self._further if (value := value_of(values[column])) is not None}
        at = self._moment(values[self._at])
        kind = _kind(given.get("kind"))
        who = _who(given)
        url = _within("url", given.get("url"))
        bot = "bot" in given and _is_bot(given["bot"])
        message_id = _within("message_id", given.get("message_id")) or _content_id(at, kind, who, url, bot, properties)
        return SignalRow(message_id, at, kind, row.line, *who, url, bot, properties)

    def _moment(self, cell: Cell) -> datetime:
        said = text_of(cell) if isinstance(cell, str) else cell
        if said is None or said != said:
            raise Unusable(Reason.NO_TIME, "The row does not say when it happened: fill the column for at.")
        return self._moments(said)


@lru_cache(maxsize=4_096)
def _kind(text: str | None) -> str:
    """The kind as policies spell it: "Pricing Viewed" is ``pricing_viewed``."""
    if text is None:
        raise Unusable(Reason.NO_KIND, "The row does not say what happened: fill the column for kind.")
    kind = re.sub(r"[\s-]+", "_", text.lower())
    _within("kind", kind)
    return kind


def _who(given: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """Lead id, email key and visitor id; at least one of them."""
    lead_id, visitor_id = _within("lead_id", given.get("lead_id")), _within("visitor_id", given.get("visitor_id"))
    email = given.get("email")
    key = email_identity(email) if email else None
    if email and not key:
        raise Unusable(Reason.BAD_EMAIL, f"The email {quoted(email)} is not an address: correct it or leave it out.")
    if not (lead_id or key or visitor_id):
        raise Unusable(Reason.NO_CONTACT, "The row does not say who it was: give a lead_id, an email or a visitor_id.")
    return lead_id, key, visitor_id


def _within(field: str, text: str | None) -> str | None:
    if text and len(text) > LONGEST[field]:
        raise Unusable(Reason.TOO_LONG, f"The {field} is over {LONGEST[field]} characters long: shorten it.")
    return text


def _is_bot(text: str) -> bool:
    said = text.lower()
    if said not in _TRUE | _FALSE:
        raise Unusable(Reason.BAD_FLAG, f"The bot {quoted(text)} is neither true nor false: write one of them.")
    return said in _TRUE


def _content_id(
    at: datetime,
    kind: str,
    who: tuple[str | None, ...],
    url: str | None,
    bot: bool,
    properties: Mapping[str, str | int | float | bool],
) -> str:
    """An id made of what the row says, so that the same row is the same signal, from whatever kind of file."""
    said = sorted(f"{name}\x1e{text_of(value)}" for name, value in properties.items())
    # Clean text holds no control characters, so nothing can pass for a separator.
    content = "\x1f".join((at.isoformat(), kind, *(name or "" for name in who), url or "", str(bot), *said))
    return f"row:{blake2b(content.encode(), digest_size=16).hexdigest()}"
