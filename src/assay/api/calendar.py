"""What is due, as a calendar to subscribe to: whoever has its address reads it, so that is a secret of one person's."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop
from icalendar import Calendar, Event

from assay.actions.policies import rule
from assay.actions.tokens import token_of
from assay.api.limits import limits
from assay.api.problems import Rejected, answer
from assay.domain.clock import Clock, ClockReading
from assay.domain.policy import Policy
from assay.domain.tokens import Scope
from assay.records.accepted import Accepted, accepted
from assay.records.clocks import sales_clock
from assay.records.models import Deal, User

MOST = 500
LASTS = timedelta(minutes=15)
"""How long a due moment is shown to be, so that a calendar has something to draw."""
REFRESH = timedelta(hours=1)

WHAT = {
    Clock.FIRST_RESPONSE: gettext_noop("First response due: {who}"),
    Clock.FOLLOW_UP: gettext_noop("Follow-up due: {who}"),
    Clock.CLOSE_DATE: gettext_noop("Deal closes: {who}"),
}


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The due work of the person whose address this is. Any other address is none."""
    now = timezone.now()
    token = token_of(secret, now)
    if token is None or token.user is None or Scope.CALENDAR not in token.scopes:
        raise Http404
    allowed = limits.take(token.pk)
    if allowed and allowed.wait:
        wait = {"Retry-After": str(allowed.wait)}
        return answer(Rejected(429, "too_many_requests", "This calendar is asked for too often.", "", wait))
    with translation.override(token.user.language or "en"):
        told = calendar_of(token.user, rule(now).policy, now, request.build_absolute_uri("/").rstrip("/"))
    return HttpResponse(told.to_ical(), content_type="text/calendar; charset=utf-8")


def calendar_of(user: User, policy: Policy, now: datetime, address: str) -> Calendar:
    """The calendar of somebody's accepted leads: what their clocks wait for, and when their deals close.

    Titles are in the language of whoever reads.
    """
    calendar = Calendar.new(name=f"Assay: {user.name}", refresh_interval=REFRESH)
    for entry in accepted(user.pk, policy, now, MOST):
        for event in _events(entry, policy, now, address):
            calendar.add_component(event)
    return calendar


def _events(entry: Accepted, policy: Policy, now: datetime, address: str) -> Iterator[Event]:
    lead, deal = entry.lead, entry.deal
    clock = sales_clock(lead, entry.current, deal, entry.touched_at, policy, now, entry.raised_at)
    if clock is not None and clock.kind is not Clock.CLOSE_DATE:
        yield _moment(entry, clock, now, address)
    if deal is not None and deal.opened_at and not deal.outcome:
        yield _day(entry, deal, now, address)


def _moment(entry: Accepted, clock: ClockReading, now: datetime, address: str) -> Event:
    event = _about(entry, clock.kind, now, address)
    event.start, event.end = clock.due_at, clock.due_at + LASTS
    return event


def _day(entry: Accepted, deal: Deal, now: datetime, address: str) -> Event:
    event = _about(entry, Clock.CLOSE_DATE, now, address)
    event.start, event.description = deal.close_date, f"{deal.value:,.2f} {deal.currency}"
    return event


def _about(entry: Accepted, kind: Clock, now: datetime, address: str) -> Event:
    """An event with whom it is about, the same name each time it is read, and the way to its page."""
    lead = entry.lead
    who = " · ".join(filter(None, (str(lead.person), str(lead.company or ""))))
    return Event.new(
        summary=gettext(WHAT[kind]).format(who=who),
        uid=f"{kind.replace('_', '-')}-{lead.pk}-{entry.current.number}@assay",
        url=address + reverse("lead", args=[lead.pk]),
        stamp=now,
    )
