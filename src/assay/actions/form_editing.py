"""How marketing builds a form, changes it and switches it on and off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.mailing import can_mail
from assay.actions.policies import rule
from assay.actions.sources import Sources
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.forms import Field, allowed_address, check_fields, check_slug, host_of
from assay.domain.ladder import Desk
from assay.domain.phrase import Phrase
from assay.records.models import ConsentText, Form

COPIED = (
    *("name", "slug", "kind", "title", "language", "button"),
    *("source_of_visit", "double_opt_in", "thanks", "redirect"),
)
"""What a form and its draft call alike."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as somebody wants it to be."""

    name: str
    slug: str
    fields: Sequence[Field]
    source: str
    kind: str
    campaign: str = ""
    source_of_visit: bool = False
    title: str = ""
    language: str = "en"
    button: str = ""
    consent: str = ""
    double_opt_in: bool = False
    thanks: str = ""
    redirect: str = ""
    hosts: Sequence[str] = ()


@transaction.atomic
def save_form(draft: Draft, by: Actor, at: datetime, form_id: int | None = None) -> Form:
    """Keep a new form, or an old one as it is to be now; another wording of the consent is a new version.

    Raises BadInput where it makes no sense, Refused where the address is taken or there is no way to send mails.
    """
    by.needs(Desk.MARKETING, "build a form")
    hosts = _check(draft, at)
    form = _locked(form_id) if form_id else Form(created_at=at)
    if Form.objects.filter(slug=draft.slug).exclude(pk=form.pk).exists():
        raise Refused(
            "slug_taken",
            Phrase("There is a form at /f/{name}/ already.", name=draft.slug),
            Phrase("Choose another address."),
        )
    names = Sources()
    for name in COPIED:
        setattr(form, name, getattr(draft, name))
    form.fields = [field.as_json() for field in draft.fields]
    form.source_id = names.source(draft.source)
    form.campaign_id = names.campaign(draft.source, draft.campaign)
    form.hosts = hosts
    form.save()
    _keep_consent(form, draft.consent.strip(), at)
    return form


@transaction.atomic
def switch_form(form_id: int, by: Actor, *, active: bool) -> Form:
    """Open a form to everybody, or close it. Raises Refused where it must send mails and cannot."""
    by.needs(Desk.MARKETING, "open or close a form")
    form = _locked(form_id)
    if active:
        _check_mail(form.double_opt_in)
    form.active = active
    form.save(update_fields=["active"])
    return form


def _locked(form_id: int) -> Form:
    form = Form.objects.select_for_update().filter(pk=form_id).first()
    if form is None:
        raise NotFound("unknown_form", Phrase("There is no form {number}.", number=form_id))
    return form


def _check(draft: Draft, at: datetime) -> list[str]:
    """Raise for a draft that makes no sense. Returns its hosts in their one spelling."""
    if not draft.name.strip() or not draft.source.strip():
        raise BadInput(
            "unnamed_form",
            Phrase("A form needs a name and a source."),
            Phrase("Write those under which you will find its leads."),
        )
    check_slug(draft.slug)
    check_fields(draft.fields)
    if draft.kind not in rule(at).policy.intent.signals:
        raise BadInput(
            "unknown_kind",
            Phrase("The policy knows no signal {name}.", name=draft.kind),
            Phrase("Choose one of its kinds."),
        )
    hosts = sorted({host_of(host) for host in draft.hosts})
    if draft.redirect and allowed_address(draft.redirect, hosts) is None:
        raise BadInput(
            "redirect_elsewhere",
            Phrase("{address} is not on one of the websites it may lead to.", address=draft.redirect),
            Phrase("Write the whole address, and its host in the list."),
        )
    _check_mail(draft.double_opt_in)
    return hosts


def _check_mail(wanted: bool) -> None:
    if wanted and not can_mail():
        raise Refused(
            "no_mail_server",
            Phrase("Confirmation by mail needs a mail server, and none is set up."),
            Phrase("An admin sets ASSAY_MAIL; until then leave it off."),
        )


def _keep_consent(form: Form, text: str, at: datetime) -> None:
    last = form.consents.order_by("-version").first()
    if last is None or last.text != text:
        ConsentText.objects.create(form=form, version=last.version + 1 if last else 1, text=text, created_at=at)
