"""How values of facts and of deals are shown, wherever a page tells what something said before and says now."""

from contextlib import suppress
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assay.desk import words
from assay.desk.templatetags.desk import points
from assay.domain.facts import EMAIL_KIND, Value, is_known
from assay.domain.fit import as_number, as_shown

DAYS = ("deal.close_date",)
AMOUNTS = ("deal.value",)


def shown_value(key: str, value: Value) -> str:
    """A fact as the reader writes it: numbers with their thousands apart, days spelled."""
    if not is_known(value):
        return _("not known")
    if key == EMAIL_KIND:
        return str(words.EMAIL_KINDS.get(str(value), value))
    if key in DAYS:
        return shown_day(str(value))
    if key in AMOUNTS or (isinstance(value, int | float) and not isinstance(value, bool)):
        number = as_number(value)
        return as_shown(value) if number is None else points(number)
    return as_shown(value)


def shown_day(text: str) -> str:
    """A day that is kept as ISO 8601, as the reader writes it."""
    with suppress(ValueError):
        return date_format(date.fromisoformat(text))
    return text
