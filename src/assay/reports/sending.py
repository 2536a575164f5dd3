"""Sends the report of the week before, once to each reader who wants it: on the first working morning of a week."""

import logging
from datetime import UTC, date, datetime, time, timedelta
from smtplib import SMTPException

from django.utils import translation
from django.utils.translation import gettext as _

from assay.actions.mailing import can_mail
from assay.actions.policies import rule
from assay.actions.reports import claim, note_failed, note_sent
from assay.domain.policy import Policy
from assay.domain.response import MOMENT
from assay.domain.working_time import working_time
from assay.records.funnel import Period
from assay.records.models import Delivery
from assay.reports.contents import report
from assay.reports.links import Links
from assay.reports.mail import mail_of

WEEK = timedelta(days=7)

log = logging.getLogger(__name__)


def send_due(now: datetime, address: str) -> int:
    """Send every report that is due and not sent; returns how many left. What fails is tried again later."""
    policy = rule(now).policy
    monday, due = this_week(policy, now)
    if now < due or not can_mail():
        return 0
    sent = 0
    while delivery := claim(monday - WEEK, due, now):
        sent += _send(delivery, policy, now, address)
    return sent


def this_week(policy: Policy, now: datetime) -> tuple[date, datetime]:
    """The Monday of the week where the policy is at home, and when in that week people first come to work (UTC)."""
    today = now.astimezone(policy.zone).date()
    monday = today - timedelta(days=today.weekday())
    return monday, working_time(policy).after(_midnight(monday, policy), MOMENT) - MOMENT


def _midnight(day: date, policy: Policy) -> datetime:
    return datetime.combine(day, time.min, policy.zone).astimezone(UTC)


def _send(delivery: Delivery, policy: Policy, now: datetime, address: str) -> bool:
    reader = delivery.reader
    start, end = (_midnight(day, policy) for day in (delivery.week, delivery.week + WEEK))
    with translation.override(reader.language or "en"):
        settings = Links(address).to("preferences")
        foot = _("You get this every week because you asked for it in your preferences.")
        contents = report(Period(now, policy.zone, start, end), policy, address, f"{foot} {settings}".strip())
    try:
        mail_of(contents, reader.email).send()
    except (SMTPException, OSError) as error:
        log.error("the mail server did not take the report for user %d: %s", reader.pk, type(error).__name__)
        note_failed(delivery, type(error).__name__)
        return False
    note_sent(delivery, now)
    return True
