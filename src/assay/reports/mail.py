"""A report as a mail: text, HTML, and the PDF to keep."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from assay.reports.pdf import as_pdf
from assay.reports.report import Report

BY_ITSELF = {"Auto-Submitted": "auto-generated"}
"""Whoever is away need not say so to us (RFC 3834)."""


def mail_of(report: Report, to: str) -> EmailMultiAlternatives:
    """The mail to one reader, not sent yet."""
    with translation.override(report.language):
        subject = _("%(title)s, %(period)s") % {"title": report.title, "period": report.period}
        text = render_to_string("reports/mail.txt", {"report": report})
        mail = EmailMultiAlternatives(subject, text, to=[to], headers=BY_ITSELF)
        mail.attach_alternative(render_to_string("reports/mail.html", {"report": report}), "text/html")
    mail.attach("report.pdf", as_pdf(report), "application/pdf")
    return mail
