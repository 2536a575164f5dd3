"""The stretch of time a reader picks: a usual one by name, or days of their own."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from assay.desk.leads.choices import Choices
from assay.domain.policy import Policy
from assay.records.funnel import Period

Days = tuple[date | None, date | None]
"""The first and the last day; None is no limit."""

OWN = "days"
NAMED: Mapping[str, object] = {
    "": pgettext_lazy("period", "Everything so far"),
    "30": _lazy("The last 30 days"),
    "90": _lazy("The last 90 days"),
    "365": _lazy("The last 365 days"),
    "month": _lazy("This month"),
    "last-month": _lazy("Last month"),
    "quarter": _lazy("This quarter"),
    "last-quarter": _lazy("Last quarter"),
    "year": _lazy("This year"),
    OWN: _lazy("From day to day"),
}


def choices() -> Choices:
    """What there is to choose."""
    return list(NAMED.items())


def days(name: str, today: date) -> Days:
    """The days of a usual period; both are included."""
    if name.isdigit():
        return today - timedelta(days=int(name) - 1), today
    return _BY_NAME[name](today) if name in _BY_NAME else (None, None)


def period(first: date | None, last: date | None, policy: Policy, now: datetime) -> Period:
    """From the beginning of the first day to the end of the last, where the policy is at home."""
    after = last + timedelta(days=1) if last else None
    return Period(now, policy.zone, _midnight(first, policy), _midnight(after, policy))


def before(first: date | None, last: date | None) -> Days | None:
    """The days before that are as many; None where the period has no beginning or no end."""
    if first is None or last is None:
        return None
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def spoken(first: date | None, last: date | None) -> str:
    """Which days, in words."""
    said = {
        "first": first and date_format(first, "SHORT_DATE_FORMAT"),
        "last": last and date_format(last, "SHORT_DATE_FORMAT"),
    }
    if first and last:
        return _("%(first)s to %(last)s") % said
    return _("since %(first)s") % said if first else _("until %(last)s") % said if last else _("so far")


def _midnight(day: date | None, policy: Policy) -> datetime | None:
    return datetime.combine(day, time.min, policy.zone) if day else None


def _first_of_quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _until_yesterday_of(first: date, start_of: Callable[[date], date]) -> Days:
    """The whole stretch that ends before ``first``."""
    last = first - timedelta(days=1)
    return start_of(last), last


_BY_NAME: Mapping[str, Callable[[date], Days]] = {
    "month": lambda today: (today.replace(day=1), today),
    "last-month": lambda today: _until_yesterday_of(today.replace(day=1), lambda day: day.replace(day=1)),
    "quarter": lambda today: (_first_of_quarter(today), today),
    "last-quarter": lambda today: _until_yesterday_of(_first_of_quarter(today), _first_of_quarter),
    "year": lambda today: (today.replace(month=1, day=1), today),
}
