"""The month that ends now: its working hours, its browsing hours, its fixed dates, and ways to choose a moment."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from assay.demo.rhythm import Rhythm
from assay.domain.policy import Policy
from assay.domain.working_time import working_time

DAYS = 30
# How busy a website is, hour by hour from midnight: office hours with a dip at lunch, and a little in the evening.
BROWSING = (1, 1, 0, 0, 0, 1, 3, 8, 20, 30, 32, 30, 18, 26, 32, 30, 26, 18, 10, 7, 8, 9, 6, 3)
WEEKEND = 0.2


class Month:
    """Thirty calendar days of the policy's time zone, today included, up to ``now``.

    ``work`` runs in the policy's opening hours, ``web`` whenever people browse.
    """

    def __init__(self, now: datetime, policy: Policy) -> None:
        self.now, self.zone, self._clock = now, policy.zone, working_time(policy)
        self.today = now.astimezone(self.zone).date()
        # Where clocks went back, thirty calendar days are an hour longer than thirty days.
        self.start = max(self.local(self.today - timedelta(days=DAYS - 1), time.min), now - timedelta(days=DAYS))
        self.work = Rhythm(self.start, now, self.zone, self._clock.is_open)
        self.web = Rhythm(self.start, now, self.zone, self._browsing)
        self.fair = self.work.at(0.35)
        self.webinar = self.local(self.work.at(0.45).astimezone(self.zone).date(), time(11))

    def _browsing(self, local: datetime) -> float:
        at_work = self._clock.is_open(self.local(local.date(), time(12)))
        return BROWSING[local.hour] * (1 if at_work else WEEKEND)

    def local(self, day: date, hour: time) -> datetime:
        """A wall-clock time of a day in the policy's zone."""
        return datetime.combine(day, hour, self.zone)


When = Callable[[Month, float], datetime]
"""Chooses a moment of a month for one of many: ``place`` says where, from 0 to below 1, in the range they share."""


def during(first: float, last: float) -> When:
    """Within these shares of the month's working hours."""
    return lambda month, place: month.work.at(_between(first, last, place))


def working_hours_ago(least: float, most: float) -> When:
    """So many working hours before now."""
    return lambda month, place: month.work.before(month.now, _between(least, most, place))


def minutes_ago(least: float, most: float) -> When:
    """So many minutes before now, whatever the hour."""
    return lambda month, place: month.now - timedelta(minutes=_between(least, most, place))


def late_evening(when: When) -> When:
    """Close to midnight of the day before."""

    def moment(month: Month, place: float) -> datetime:
        day = when(month, place).astimezone(month.zone).date() - timedelta(days=1)
        return month.local(day, time(22, 40)) + timedelta(hours=place)

    return moment


def after_webinar(month: Month, place: float) -> datetime:
    """Within two hours of the webinar's start, when those who attended have looked around."""
    return month.webinar + timedelta(minutes=_between(60, 120, place))


def at_the_fair(month: Month, place: float) -> datetime:
    """When the list of the trade fair came in."""
    return month.fair


def _between(first: float, last: float, place: float) -> float:
    return first + (last - first) * place
