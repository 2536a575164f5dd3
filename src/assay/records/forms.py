"""Forms that people fill in on a website, every version of the consent they ask for, and what was handed in."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from django.db import models

from assay.domain.forms import Field
from assay.records.constraints import choices, one_of


class Form(models.Model):
    """A form as marketing built it. ``fields`` are domain.forms.Field; ``hosts`` are where it may lead afterwards.

    With ``source_of_visit`` a lead's source is the one its visit tells (domain.channels), else ``source``.
    """

    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list)
    source = models.ForeignKey("records.Source", on_delete=models.PROTECT, related_name="forms")
    campaign = models.ForeignKey("records.Campaign", on_delete=models.PROTECT, null=True, related_name="forms")
    source_of_visit = models.BooleanField(default=False)
    kind = models.CharField(max_length=100)
    language = models.CharField(max_length=10, default="en")
    button = models.CharField(max_length=100, blank=True)
    double_opt_in = models.BooleanField(default=False)
    thanks = models.TextField(blank=True)
    redirect = models.CharField(max_length=2000, blank=True)
    hosts = models.JSONField(default=list)
    active = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def questions(self) -> Sequence[Field]:
        """The fields, typed."""
        return [Field.of(stored) for stored in self.fields]

    @cached_property
    def consent(self) -> "ConsentText":
        """The consent it asks for now; one without a text asks for none."""
        return self.consents.order_by("-version")[0]


class ConsentText(models.Model):
    """What people agree to when they hand a form in. A new wording is a new version, and none is ever changed."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="consents")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "version"], name="consent_version_once")]


class Submission(models.Model):
    """A form handed in once, known by the token of its page. It is a lead only from ``confirmed_at`` on.

    ``values`` are the fields of a domain.rows.LeadRow; ``context`` is where they came from: landing, referrer, UTM.
    ``network`` is the address they came from without its last part.
    """

    token = models.CharField(max_length=32, unique=True)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="submissions")
    consent = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("records.Person", on_delete=models.PROTECT, null=True, related_name="submissions")
    email_key = models.CharField(max_length=320)
    visitor = models.CharField(max_length=320, blank=True)
    values = models.JSONField()
    context = models.JSONField(default=dict)
    network = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["form", "at", "confirmed_at"], name="submission_of_form"),
            models.Index(fields=["email_key", "at"], name="submission_of_address"),
            models.Index(fields=["at"], name="submission_waiting", condition=models.Q(confirmed_at=None)),
        ]


class FormReason(StrEnum):
    """Why a form was not taken as it was handed in."""

    TRAP = "trap"
    TOO_FAST = "too_fast"
    TOO_OLD = "too_old"
    NOT_OURS = "not_ours"
    NO_PROOF = "no_proof"
    TOO_MANY = "too_many"
    TOO_MANY_MAILS = "too_many_mails"
    MAIL_FAILED = "mail_failed"
    NO_CONSENT = "no_consent"
    INCOMPLETE = "incomplete"
    UNUSABLE = "unusable"


class FormRefusal(models.Model):
    """How often a form was not taken for a reason, and when last; no word of who it was."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="refusals")
    reason = models.CharField(max_length=20, choices=choices(FormReason))
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "reason"], name="form_refusal_once"),
            one_of("formrefusal", "reason", FormReason),
        ]
