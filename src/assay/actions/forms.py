"""How a form that somebody filled in becomes a lead: handed in once, confirmed where that is asked, then captured."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F

from assay.actions.actors import INTAKE
from assay.actions.capture import capture
from assay.actions.claims import claim
from assay.actions.erasure import admit
from assay.actions.scoring import score_leads
from assay.actions.signals import record_signals
from assay.actions.writing import in_transaction
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.identity import IdentityKind, identities_of
from assay.domain.rows import LeadRow, SignalRow
from assay.records.consents import How
from assay.records.forms import FormReason
from assay.records.models import Consent, Form, FormRefusal, Identity, Submission
from assay.records.privacy import erased

GOOD_FOR = timedelta(days=3)
"""How long the link of a mail works; what is not confirmed by then is forgotten."""

MAILS_AN_HOUR = 3
"""Mails to one address, whoever typed it: nobody is pestered through our forms."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A form as it came in. ``token`` is its page's and makes it one however often it is sent.

    ``context`` is where it came from: landing, referrer and UTM; ``network`` a truncated address.
    """

    token: str
    consent_id: int
    row: LeadRow
    visitor: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    network: str = ""


def submit(form: Form, entry: Entry, at: datetime, *, confirm_first: bool) -> Submission:
    """Keep what was handed in, and take the lead in unless it is to be confirmed by mail first.

    The same token again does nothing. Raises BadInput for a row that cannot be a lead, and Refused where the
    address got too many mails already.
    """
    return in_transaction(partial(_submit, form, entry, at, confirm_first))


def _submit(form: Form, entry: Entry, at: datetime, confirm_first: bool) -> Submission:
    before = Submission.objects.select_related("form").filter(token=entry.token).first()
    if before is not None:
        return before
    key = entry.row.email_key or ""
    # Anybody can type an address; who was erased is let in again only by a mail to it.
    confirm_first = confirm_first or bool(erased(identities_of(entry.row)))
    if confirm_first and _mails_to(key, at) >= MAILS_AN_HOUR:
        raise Refused(
            FormReason.TOO_MANY_MAILS, "We have sent this address several mails already.", "Look for the last of them."
        )
    submission = Submission.objects.create(
        token=entry.token,
        form=form,
        consent_id=entry.consent_id,
        email_key=key,
        visitor=entry.visitor,
        values=_said(entry.row),
        context=dict(entry.context),
        network=entry.network,
        at=at,
    )
    if not confirm_first:
        _take_in(submission, How.FORM, at)
    return submission


def confirm(token: str, at: datetime) -> Submission:
    """Take in what the person confirmed by mail. Raises NotFound where there is none, Refused where it is done."""
    return in_transaction(partial(_confirm, token, at))


def _confirm(token: str, at: datetime) -> Submission:
    waiting = Submission.objects.select_for_update(of=("self",)).select_related("form").filter(token=token).first()
    if waiting is None:
        raise NotFound("unknown_submission", "There is nothing to confirm any more.", "Please fill the form in again.")
    if waiting.confirmed_at is not None:
        raise Refused("confirmed_already", "This is confirmed already.", "There is nothing left to do.")
    _take_in(waiting, How.CONFIRMED, at)
    return waiting


def note_mailed(submission: Submission, at: datetime) -> None:
    """Note that the mail that asks for confirmation has left."""
    submission.mailed_at = at
    submission.save(update_fields=["mailed_at"])


def drop_unconfirmed(at: datetime) -> int:
    """Forget what was to be confirmed by mail and never was. Returns how many there were."""
    gone, _ = Submission.objects.filter(confirmed_at=None, at__lt=at - GOOD_FOR).delete()
    return gone


def count_refusal(form: Form, reason: FormReason, at: datetime) -> None:
    """Count that a form was not taken as it was handed in."""
    in_transaction(partial(_count_refusal, form, reason, at))


def _count_refusal(form: Form, reason: FormReason, at: datetime) -> None:
    FormRefusal.objects.get_or_create(form=form, reason=reason, defaults={"last_at": at})
    FormRefusal.objects.filter(form=form, reason=reason).update(count=F("count") + 1, last_at=at)


def _mails_to(email_key: str, at: datetime) -> int:
    recent = Submission.objects.filter(email_key=email_key, at__gt=at - timedelta(hours=1), mailed_at__isnull=False)
    return recent[:MAILS_AN_HOUR].count()


def _said(row: LeadRow) -> dict[str, object]:
    """What a row says, to be made a row of again."""
    said = {name.name: getattr(row, name.name) for name in fields(LeadRow)}
    return {name: value for name, value in said.items() if value is not None}


def _take_in(submission: Submission, how: How, at: datetime) -> None:
    """The lead with its consent, its browser and the signal that it asked; the score follows from them."""
    row = LeadRow(**submission.values)
    if how is How.CONFIRMED:
        admit(identities_of(row), INTAKE, at)
    done = capture([row], INTAKE, at)
    for refusal in done.refusals:
        raise BadInput(refusal.code, refusal.sentence)
    person_id = Identity.objects.values_list("person", flat=True).get(
        kind=IdentityKind.EMAIL, value=submission.email_key
    )
    assert person_id is not None, "a captured address leads to its person"
    submission.person_id, submission.confirmed_at = person_id, at
    submission.save(update_fields=["person", "confirmed_at"])
    if submission.consent.text:
        Consent.objects.create(person_id=person_id, text=submission.consent, submission=submission, at=at, how=how)
    if submission.visitor:
        score_leads(claim(person_id, [(IdentityKind.VISITOR, submission.visitor)], at), at)
    record_signals([_signal(submission)], at)


def _signal(submission: Submission) -> SignalRow:
    return SignalRow(
        message_id=f"form:{submission.token}",
        at=submission.at,
        kind=submission.form.kind,
        email_key=submission.email_key,
        url=submission.context.get("landing"),
        properties={"form": submission.form.slug, **submission.context},
    )
