"""A report as a file, or as a mail that leaves now."""

from pathlib import Path
from smtplib import SMTPException

from assay.actions.mailing import can_mail
from assay.cli.failures import Unavailable
from assay.cli.output import say
from assay.domain.contact import email_identity
from assay.domain.errors import BadInput
from assay.reports.mail import mail_of
from assay.reports.pdf import as_pdf
from assay.reports.report import Report


def hand_out(report: Report, pdf: Path | None, mail: str | None) -> None:
    """Write the PDF, send the mail, or both. Raises BadInput and Unavailable."""
    if mail is not None and email_identity(mail) is None:
        raise BadInput("bad_email", f'"{mail}" is not an email address.', "Write it as ann@example.com.")
    if mail is not None and not can_mail():
        raise Unavailable("no_mail_server", "No mail server is set up.", "Name one with ASSAY_MAIL.")
    if pdf is not None:
        pdf.write_bytes(as_pdf(report))
        say(f"Wrote {pdf}")
    if mail is not None:
        _send(report, mail)
        say(f"Sent to {mail}")


def _send(report: Report, to: str) -> None:
    try:
        mail_of(report, to).send()
    except (SMTPException, OSError) as error:
        why = f"The mail server did not take it: {type(error).__name__}."
        raise Unavailable("not_mailed", why, "Check ASSAY_MAIL and the address, then try again.") from error
