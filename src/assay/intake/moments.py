"""Moments as files write them: ISO 8601, day or month first, month names, epochs. All come out in UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from assay.intake.date_order import Order, proof
from assay.intake.refusals import Reason, Unusable, quoted

FIRST_YEAR, LAST_YEAR = 1970, 2100

_TIME = (
    r"(?:[T,\s]+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?:(?P<half>[ap])\.?m\.?)?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NUMERIC = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})" + _TIME, re.IGNORECASE)
_NAMED = (
    re.compile(rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}|\d\d){_TIME}", re.IGNORECASE),
    re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}}){_TIME}", re.IGNORECASE),
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|\d{15,16}")
_NO_DATE = "is not a date: write it like 2026-10-31 or 2026-10-31T14:30:00+01:00"


class Moments:
    """Reads the moments of one column. A time without zone is in ``zone``; ``order`` settles 03/04/2026."""

    def __init__(self, column: str, zone: tzinfo, order: Order | None) -> None:
        self._column, self._zone, self._order = column, zone, order
        # Only the forms that are slow to read: ISO 8601 is faster than a look into a cache.
        self._read = lru_cache(maxsize=65_536)(self._read_other)

    def __call__(self, cell: str | float | datetime) -> datetime:
        """The moment in UTC. Raises Unusable for what is no moment between 1970 and 2100."""
        moment = cell if isinstance(cell, datetime) else self._parsed(cell)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise self._unusable(cell, f"is outside the years {FIRST_YEAR} to {LAST_YEAR}: correct it")
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)

    def _parsed(self, cell: str | float) -> datetime:
        if not isinstance(cell, str):
            return self._read(f"{cell:.6f}".rstrip("0").rstrip("."))
        if not cell.isdigit():  # of digits alone, epochs could pass for ISO 8601
            try:
                return datetime.fromisoformat(cell)
            except ValueError:
                pass
        return self._read(cell)

    def _read_other(self, text: str) -> datetime:
        try:
            if _EPOCH.fullmatch(text):
                return _from_epoch(text)
            if len(text) == 8 and text.isdigit():
                return datetime.fromisoformat(text)
            return self._from_parts(text)
        except ValueError:
            raise self._unusable(text, "is no day and time of the calendar: correct it") from None

    def _from_parts(self, text: str) -> datetime:
        for pattern in _NAMED:
            if match := pattern.fullmatch(text):
                month = 1 + _MONTHS.index(match["name"][:3].lower())
                return datetime(_year(match["year"]), month, int(match["day"]), *_time(match), tzinfo=_zone(match))
        match = _NUMERIC.fullmatch(text)
        if not match:
            raise self._unusable(text, _NO_DATE)
        parts = dict(zip(self._order_of(match), match.group(1, 3, 4), strict=True))
        year, month, day = _year(parts["y"]), int(parts["m"]), int(parts["d"])
        return datetime(year, month, day, *_time(match), tzinfo=_zone(match))

    def _order_of(self, match: re.Match[str]) -> Order:
        if len(match[1]) == 4:
            return "ymd"
        if self._order and (self._order != "ymd" or len(match[4]) == 2):
            return self._order
        proven = proof(match[0])
        if proven == "either":
            raise self._unusable(match[0], "can be read two ways: write the year first")
        return proven or "dmy"

    def _unusable(self, cell: object, why: str) -> Unusable:
        return Unusable(Reason.BAD_DATE, f"The {self._column} {quoted(cell)} {why}.")


def _from_epoch(text: str) -> datetime:
    """Seconds, milliseconds or microseconds since 1970, told apart by their length."""
    digits = len(text.partition(".")[0])
    per_second = 1 if digits <= 10 else 1_000 if digits <= 13 else 1_000_000
    return datetime.fromtimestamp(float(text) / per_second, UTC)


def _year(text: str) -> int:
    """The year in full: 70 to 99 are of the last century."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 70 else 2000)


def _time(match: re.Match[str]) -> tuple[int, int, int, int]:
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of half a day")
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
    return hour, int(match["minute"] or 0), int(match["second"] or 0), microsecond


def _zone(match: re.Match[str]) -> tzinfo | None:
    zone = match["zone"]
    if not zone or zone[0] not in "+-":
        return UTC if zone else None
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-offset if zone[0] == "-" else offset)
