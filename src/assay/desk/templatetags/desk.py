"""How templates write the things every page shows: labels, points, money, times, score bars, navigation."""

import hashlib
import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from assay.desk import words
from assay.desk.addresses import address
from assay.desk.navigation import links
from assay.domain.roles import Role
from assay.records.models import Lead

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file, with its content in the address so that browsers may keep it."""
    return f"{static(name)}?v={_version(name)}"


@lru_cache(maxsize=None if not settings.DEBUG else 0)
def _version(name: str) -> str:
    path = finders.find(name)
    return hashlib.sha256(Path(str(path)).read_bytes()).hexdigest()[:10] if path else "0"


@register.filter
def navigation(request: HttpRequest) -> SafeString:
    """Links to the pages this person may open."""
    return links(request)


@register.filter
def page_name(url: str) -> str:
    """The address of a page as people say it, so that its end is seen where room is short: "firm.example/pricing"."""
    return re.sub(r"^https?://(www\.)?", "", url).removesuffix("/") or url


@register.filter
def points(value: float) -> str:
    """A score without needless decimals, in the reader's way of writing numbers."""
    return _written(round(value, 1), _locale())


@lru_cache(maxsize=4_096)
def _written(number: float, locale: str) -> str:
    return format_decimal(number, locale=locale)


@register.filter
def signed(value: float) -> str:
    """Points of a part, with their sign, in the reader's way of writing numbers."""
    rounded = round(value, 1) + 0.0
    return f"{'+' if rounded > 0 else ''}{points(rounded)}"


def both_labels(temperature: str, rung: str) -> str:
    """Both labels of a lead in one: "warm MQL"."""
    return _("%(temperature)s %(rung)s") % {"temperature": words.TEMPERATURES[temperature], "rung": words.RUNGS[rung]}


@register.simple_tag
def labels(lead: Lead) -> SafeString:
    """Both labels of a lead, and its grid cell with what that says."""
    return _labels(lead.temperature, lead.rung, lead.grid, translation.get_language())


@lru_cache(maxsize=1_024)
def _labels(temperature: str, rung: str, grid: str, language: str | None) -> SafeString:
    both = format_html('<span class="label label-{}">{}</span>', temperature, both_labels(temperature, rung))
    if not grid:
        return both
    title = _("Fit band %(fit)s, intent band %(intent)s") % {"fit": grid[:1], "intent": grid[1:]}
    return both + format_html(' <span class="grid-cell" title="{}">{}</span>', title, grid)


@register.filter
def temperature(name: str) -> str:
    """A temperature as people call it."""
    return str(words.TEMPERATURES[name])


register.simple_tag(address)


@register.simple_tag
@lru_cache(maxsize=4_096, typed=True)
def bar(value: float, axis: str, floor: float | None = None) -> SafeString:
    """A bar of 0 to 100 with a mark at the floor. Decoration: the number stands beside it."""
    mark = format_html('<line class="bar-mark" x1="{0}" x2="{0}" y1="0" y2="10"/>', floor) if floor else ""
    return format_html(
        '<svg class="score-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-back" width="100" height="10"/>'
        '<rect class="bar-{}" width="{}" height="10"/>{}</svg>',
        axis,
        f"{max(0.0, min(100.0, value)):.1f}",
        mark,
    )


@register.filter
def percent(share: float) -> str:
    """A share of 0 to 1 as a whole percentage."""
    return format_percent(share, locale=_locale())


def fine_percent(share: float) -> str:
    """A share as a percentage, with the decimals it has."""
    return format_percent(round(share, 6), locale=_locale(), decimal_quantization=False)


@register.filter
def money(value: Decimal | None, currency: str) -> str:
    """An amount in the reader's locale; without cents where there are none."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    pattern = Locale.parse(_locale()).currency_formats["standard"].pattern
    return format_currency(
        value,
        currency,
        locale=_locale(),
        currency_digits=not whole,
        format=pattern.replace("0.00", "0") if whole else None,
    )


@register.filter
def whole_money(value: float, currency: str) -> str:
    """An amount that was reckoned: nobody knows its cents."""
    return money(Decimal(round(value)), currency)


ROLE_NAMES = {
    Role.MARKETER: _lazy("Marketer"),
    Role.REP: _lazy("Sales rep"),
    Role.MANAGER: _lazy("Sales manager"),
    Role.ADMIN: _lazy("Admin"),
    Role.VIEWER: _lazy("Viewer"),
    Role.OPERATOR: _lazy("Operator"),
}


@register.filter
def role_name(role: str) -> str:
    """A role as people call it."""
    return str(ROLE_NAMES[Role(role)])


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit: "3 h", "2 days"."""
    if moment is None:
        return ""
    seconds = max(0, (timezone.now() - moment).total_seconds())
    if seconds < 3600:
        minutes = int(seconds // 60)
        return _("just now") if minutes < 1 else _("%d min") % minutes
    if seconds < 48 * 3600:
        return _("%d h") % int(seconds // 3600)
    days = int(seconds // 86_400)
    return ngettext("%d day", "%d days", days) % days


def _locale() -> str:
    return translation.to_locale(translation.get_language() or "en")
