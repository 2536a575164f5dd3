"""What people have agreed to: who, to which wording, when and how."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from assay.records.constraints import choices, one_of


class How(StrEnum):
    """How somebody agreed: by ticking the box, or by following the link of a mail as well."""

    FORM = "form"
    CONFIRMED = "confirmed"


class Consent(models.Model):
    """Somebody's agreement to one version of a text. Their next one stands beside it."""

    person = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey("records.ConsentText", on_delete=models.PROTECT, related_name="consents")
    submission = models.OneToOneField("records.Submission", on_delete=models.PROTECT, related_name="agreed")
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=choices(How))

    class Meta:
        constraints: ClassVar = [one_of("consent", "how", How)]
