"""Numbers as people type them: 1,200 and 1 200, €10.000 and 12k. What can be read two ways stays text."""

import re
from decimal import Decimal
from functools import lru_cache

_SPACES = " \u00a0\u2009\u202f"
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6}
_SCALES |= {"bn": 10**9, "b": 10**9, "billion": 10**9}
_CURRENCY = r"[€$£¥₹]|EUR|USD|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|INR|CNY"
_AMOUNT = re.compile(
    rf"""
    (?P<sign>-?) (?P<before>{_CURRENCY})? [{_SPACES}]*
    (?P<digits>\d[\d.,'’{_SPACES}]*?) [{_SPACES}]*
    (?P<scale>{"|".join(_SCALES)})? [{_SPACES}]* (?P<after>{_CURRENCY})?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"-?\d(?:\.\d+)?e[+-]?\d{1,2}", re.IGNORECASE)
# Groups of three with one separator throughout, then perhaps decimals with another.
_GROUPED = re.compile(rf"[1-9]\d{{0,2}}(?P<by>[.,'’{_SPACES}])\d{{3}}(?:(?P=by)\d{{3}})*(?:(?!(?P=by))[.,]\d+)?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
# 1.200 is a thousand and more where people write it and one and a bit where a program does.
_EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_LARGEST = 10**15


@lru_cache(maxsize=65_536)
def number(text: str, whole: bool = False) -> int | float | None:
    """The number a text means; None where it means none, or could mean two.

    ``1.200`` is 1200 with a currency or where only a ``whole`` number makes sense, else it is not decided.
    """
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    if _SCIENTIFIC.fullmatch(text):
        return _plain(Decimal(text))
    amount = _AMOUNT.fullmatch(text)
    if not amount:
        return None
    scale = (amount["scale"] or "").lower()
    money = bool(amount["before"] or amount["after"])
    digits = _digits(amount["digits"], thousands=(whole or money) and not scale, decimals=bool(scale))
    return None if digits is None else _plain(Decimal(amount["sign"] + digits) * _SCALES.get(scale, 1))


def _digits(text: str, thousands: bool, decimals: bool) -> str | None:
    """The digits with at most one decimal point; the flags settle what ``1.200`` means, if anything does."""
    if _EITHER.fullmatch(text) and not thousands:
        return text if decimals else None
    if match := _GROUPED.fullmatch(text):
        return text.replace(match["by"], "").replace(",", ".")
    if _INDIAN.fullmatch(text):
        return text.replace(",", "")
    return text.replace(",", ".") if _DECIMAL.fullmatch(text) else None


def _plain(value: Decimal) -> int | float | None:
    if abs(value) > _LARGEST:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
