"""The mail channel: what somebody wants to hear of by mail, and their digest, through the mail server."""

from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assay.actions.mailing import can_mail
from assay.actions.preferring import DIGEST, unsubscribe_token
from assay.domain.delivery import Outcome, Result
from assay.domain.notifications import KINDS, Kind
from assay.domain.quiet import zone_named
from assay.records.digests import contents
from assay.records.models import Digest, Lead, OutboxMessage, User
from assay.reports.saying import told
from assay.work.letter import Item, Letter, Part, mail
from assay.work.telling import links, reading, said, spoken

PERMANENT = 500
"""From this SMTP code on a mail server means for good what it says."""


def deliver(message: OutboxMessage, now: datetime) -> Outcome:
    """Mail a message to its user."""
    user = User.objects.filter(pk=int(message.destination), is_active=True).first()
    if user is None:
        return Outcome(Result.REFUSED, "The account of whoever it is for is closed.")
    if not can_mail():
        return Outcome(Result.FAILED, "No mail server is set up: ASSAY_MAIL.")
    with reading(user.language, zone_named(user.timezone)):
        letter = (_digest if message.type == DIGEST else _notification)(message, user)
        if letter is None:
            return Outcome(Result.DELIVERED, "By now there is nothing left to say.")
        return _send(lambda: mail(letter, user.email).send())


def _send(send: Callable[[], object]) -> Outcome:
    """What the mail server says of a mail; never whom it was for."""
    try:
        send()
    except SMTPRecipientsRefused as error:
        return _refused([code for code, _said in error.recipients.values()])
    except SMTPResponseException as error:
        return _refused([error.smtp_code])
    except (SMTPException, OSError) as error:
        return Outcome(Result.FAILED, f"The mail server did not take it: {type(error).__name__}.")
    return Outcome(Result.DELIVERED)


def _refused(codes: list[int]) -> Outcome:
    code = max(codes, default=0)
    result = Result.REFUSED if code >= PERMANENT else Result.FAILED
    return Outcome(result, f"The mail server answered {code}.", code)


def _notification(message: OutboxMessage, user: User) -> Letter:
    text, link = said(message)
    kind = Kind(message.type)
    title = told(KINDS[kind].title)
    why = _("You get this because in Assay you chose mails for: %(kind)s.") % {"kind": title}
    return _letter(user, text, [Part([Item(title)])], why, kind, link)


def _digest(message: OutboxMessage, user: User) -> Letter | None:
    """None where all of it was seen to before it could be sent."""
    digest = Digest.objects.select_related("user").filter(pk=message.payload["digest"]["id"]).first()
    found = contents(digest) if digest else None
    if digest is None or not found:
        return None
    to = links()
    unread = [
        Item(spoken(Kind(one.kind), one.lead, one.details), to.to("notification", one.pk))
        for one in found.notifications
    ]
    leads = [Item(_called(lead), to.to("lead", lead.pk)) for lead in found.leads]
    parts = [
        Part(unread, _("On your desk, unread"), _more(found.unread - len(unread))),
        Part(leads, _("Came to the gate and wait for a decision"), _more(found.waiting - len(leads))),
    ]
    subject = _("Your digest of %(day)s") % {"day": date_format(digest.day, "DATE_FORMAT")}
    why = _("You get this digest as you chose in Assay.")
    return _letter(user, subject, [part for part in parts if part.items], why, DIGEST, to.to("notifications"))


def _called(lead: Lead) -> str:
    return f"{lead.person}, {lead.company}" if lead.company else str(lead.person)


def _more(number: int) -> str:
    if number < 1:
        return ""
    return ngettext("and %(number)d more", "and %(number)d more", number) % {"number": number}


def _letter(user: User, subject: str, parts: list[Part], why: str, what: str, link: str) -> Letter:
    return Letter(
        user.language or "en", subject, parts, why, link,
        preferences=links().to("preferences"), stop=links().to("unsubscribe", unsubscribe_token(user.pk, what)),
    )  # fmt: skip
