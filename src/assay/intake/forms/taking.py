"""From what was sent to a kept submission: a list of steps, each of which may say no for one counted reason."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from assay.actions.forms import Entry, submit
from assay.actions.mailing import can_mail
from assay.domain.errors import AssayError
from assay.domain.rows import LeadRow
from assay.intake.forms import mail, proof
from assay.intake.forms.answers import CONSENT, questions, row_of
from assay.intake.forms.refusals import NotTaken
from assay.intake.forms.tickets import LONGEST, SOONEST, Ticket
from assay.intake.forms.visits import TRIES, Visit, network, tries
from assay.records.forms import FormReason
from assay.records.models import Form, Submission

TRAP = "website"
"""A field that people do not see and machines fill in."""


def take(request: HttpRequest, form: Form, here: Visit, now: datetime) -> Submission:
    """Keep what was sent; what has to be confirmed first gets its mail. Raises NotTaken."""
    _check_tries(request)
    if request.POST.get(TRAP):
        raise NotTaken(FormReason.TRAP)
    ticket = _ticket(request, form, now)
    row = _row(request, form, here)
    confirm_first = form.double_opt_in or not proof.holds(request.POST.get("proof", ""), ticket)
    if confirm_first and not can_mail():
        raise NotTaken(FormReason.MAIL_FAILED if form.double_opt_in else FormReason.NO_PROOF)
    entry = Entry(ticket.token, ticket.consent_id, row, here.said.get("visitor", ""), here.context, network(request))
    try:
        submission = submit(form, entry, now, confirm_first=confirm_first)
    except AssayError as error:
        many = error.code == FormReason.TOO_MANY_MAILS
        raise NotTaken(FormReason.TOO_MANY_MAILS if many else FormReason.UNUSABLE) from error
    if submission.confirmed_at is None:
        _ask_to_confirm(request, submission, now)
    return submission


def _check_tries(request: HttpRequest) -> None:
    count = tries(request)
    if count > TRIES:
        # Of a flood only the first is counted, or it would be a flood of writes.
        raise NotTaken(FormReason.TOO_MANY, counted=count == TRIES + 1)


def _ticket(request: HttpRequest, form: Form, now: datetime) -> Ticket:
    ticket = Ticket.read(request.POST.get("ticket", ""))
    if ticket is None or ticket.form_id != form.pk:
        raise NotTaken(FormReason.NOT_OURS)
    if ticket.age(now) > LONGEST:
        raise NotTaken(FormReason.TOO_OLD)
    if ticket.age(now) < SOONEST:
        raise NotTaken(FormReason.TOO_FAST)
    return ticket


def kept_ticket(request: HttpRequest, form: Form, now: datetime) -> Ticket | None:
    """The ticket for the same page again: the one it had, unless that has run out or the consent is another now."""
    ticket = Ticket.read(request.POST.get("ticket", ""))
    if ticket is None or ticket[:2] != (form.pk, form.consent.pk) or ticket.age(now) > LONGEST:
        return None
    return ticket


def _row(request: HttpRequest, form: Form, here: Visit) -> LeadRow:
    sheet = questions(form, here, request.POST.dict())
    if not sheet.is_valid():
        only_consent = set(sheet.errors) == {CONSENT}
        raise NotTaken(FormReason.NO_CONSENT if only_consent else FormReason.INCOMPLETE)
    row = row_of(form, sheet.cleaned_data, here)
    if not isinstance(row, LeadRow):
        raise NotTaken(FormReason.UNUSABLE)
    return row


def _ask_to_confirm(request: HttpRequest, submission: Submission, now: datetime) -> None:
    link = request.build_absolute_uri(reverse("form-confirm", args=[mail.sign(submission)]))
    if not (can_mail() and mail.send(submission, link, now)):
        raise NotTaken(FormReason.MAIL_FAILED)
