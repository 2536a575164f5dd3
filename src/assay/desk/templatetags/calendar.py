"""How the calendar of the rule is shown: days of the week and whose holidays they are."""

from typing import get_args

from babel import Locale
from django import template
from django.utils import translation
from django.utils.dates import WEEKDAYS

from assay.domain.policy_sections import Weekday

register = template.Library()


@register.filter
def weekday(short: str) -> str:
    """A day of the week as people call it: "mon" is "Monday"."""
    return str(WEEKDAYS[get_args(Weekday).index(short)]).capitalize()


@register.filter
def place(code: str) -> str:
    """A country, or a part of one, as people call it: "FR" is "France", "DE-BY" is "Germany (BY)"."""
    country, _, part = code.partition("-")
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    name = locale.territories.get(country, country)
    return f"{name} ({part})" if part else name
