"""How templates pick an amount out of amounts by currency."""

from collections.abc import Mapping
from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def of_currency(sums: Mapping[str, Decimal], currency: str) -> Decimal | None:
    """The amount of one currency, None where there is none."""
    return sums.get(currency)


@register.filter
def rounded(amount: Decimal | None) -> Decimal | None:
    """An amount without cents."""
    return None if amount is None else Decimal(round(amount))
