"""Phrases, figures and days in the language that is active."""

from datetime import date, datetime, timedelta

from babel.numbers import format_decimal, format_percent
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from assay.domain.audit_cost import about
from assay.domain.clock import amount
from assay.domain.phrase import Phrase
from assay.domain.what_if import Estimate


def told(text: str) -> str:
    """A phrase in the reader's language; a text that is none as it is."""
    if not isinstance(text, Phrase):
        return text
    said = gettext(text.template)
    return said.format(**{name: _shown(arg) for name, arg in text.args.items()}) if text.args else said


def _shown(arg: object) -> str:
    if isinstance(arg, Phrase):
        return told(arg)
    if isinstance(arg, datetime):
        return date_format(timezone.localtime(arg), "DATETIME_FORMAT")
    if isinstance(arg, date):
        return day(arg)
    return number(arg) if isinstance(arg, int | float) else str(arg)


def number(value: float) -> str:
    """A figure with at most one decimal."""
    return format_decimal(round(value, 1), locale=_locale())


def percent(share: float) -> str:
    """A share of 0 to 1 as a whole percentage."""
    return format_percent(share, locale=_locale())


def time(duration: timedelta) -> str:
    """Hours and minutes."""
    return told(amount(duration))


def ranged(estimate: Estimate, unit: str) -> str:
    """A figure with the range in which it lies: "0.5 deals (0.1 to 0.9)"."""
    value, low, high = (number(one) for one in (estimate.value or 0, estimate.low, estimate.high))
    return _("%(value)s %(unit)s (%(low)s to %(high)s)") % {"value": value, "unit": unit, "low": low, "high": high}


def money(estimate: Estimate, currency: str) -> str:
    """An amount with its range, told to two figures: more of them the range would not bear out."""
    return ranged(Estimate(about(estimate.value or 0), about(estimate.low), about(estimate.high)), currency)


def day(at: date) -> str:
    """A day as it is written."""
    return date_format(at, "DATE_FORMAT")


def _locale() -> str:
    return translation.to_locale(get_language() or "en")
