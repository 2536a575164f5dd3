"""Money as people type it: an exact amount and a currency of ISO 4217."""

from decimal import Decimal, InvalidOperation

from babel.numbers import list_currencies

from assay.domain.errors import BadInput
from assay.domain.phrase import Phrase

LARGEST = Decimal(10) ** 12


def amount(text: str) -> Decimal:
    """An amount above zero with at most two decimals. Raises BadInput."""
    try:
        value = Decimal(text.strip().replace("_", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0 or value >= LARGEST or value != round(value, 2):
        raise BadInput(
            "bad_amount",
            Phrase('"{text}" is not an amount above zero.', text=text),
            Phrase("Write it plainly, such as 12000 or 12000.50."),
        )
    return value


def currency(text: str) -> str:
    """A currency code. Raises BadInput."""
    code = text.strip().upper()
    if code not in list_currencies():
        raise BadInput(
            "bad_currency",
            Phrase('"{text}" is not a currency code.', text=text),
            Phrase('Use ISO 4217, such as "EUR".'),
        )
    return code
