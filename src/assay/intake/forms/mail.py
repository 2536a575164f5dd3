"""The mail that asks somebody to confirm, and the signed link in it."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assay.actions.forms import GOOD_FOR, note_mailed
from assay.records.models import Submission

_signer = TimestampSigner(salt="assay.forms.confirm")
_log = logging.getLogger("assay.intake.forms")


class LinkExpired(Exception):
    """The link was good once."""


def sign(submission: Submission) -> str:
    """The part of the link that nobody else can make."""
    return _signer.sign(submission.token)


def token_of(signed: str) -> str | None:
    """The token of a submission; None for a link that is not ours. Raises LinkExpired."""
    try:
        return _signer.unsign(signed, max_age=GOOD_FOR)
    except SignatureExpired as error:
        raise LinkExpired from error
    except BadSignature:
        return None


def send(submission: Submission, link: str, at: datetime) -> bool:
    """Ask for confirmation, once however often the form is sent. Whether the mail server took it."""
    if submission.mailed_at is not None:
        return True
    form, address = submission.form, submission.values["email"]
    texts = {"form": form, "link": link, "days": GOOD_FOR.days, "consent": submission.consent.text}
    mail = EmailMultiAlternatives(
        _("Please confirm: %(form)s") % {"form": " ".join((form.title or form.name).split())},
        render_to_string("forms/mail.txt", texts),
        to=[address],
    )
    mail.attach_alternative(render_to_string("forms/mail.html", texts), "text/html")
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        # Not what it says: that may name the address.
        _log.error("the mail server did not take a mail of form %s: %s", form.slug, type(error).__name__)
        return False
    note_mailed(submission, at)
    return True
