"""Other systems that are told what happens here: where they listen, to what, and whether they still do."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from assay.records.constraints import choices, one_of

ALL = "*"
"""Stands for every type of event, those to come included."""


class WhyDisabled(StrEnum):
    """Nobody is told any more because: a person said so, it answered 410 Gone, or it failed for days."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


class WebhookEndpoint(models.Model):
    """An address of another system. ``types`` are those of the events it wants.

    Both secrets are encrypted with the installation's secret key (records.sealing). The previous one signs as well
    until ``previous_until``, so that nothing is refused while the other side changes over.
    """

    name = models.CharField(max_length=200)
    url = models.CharField(max_length=2_000)
    types = models.JSONField(default=list)
    secret = models.CharField(max_length=400)
    previous_secret = models.CharField(max_length=400, blank=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=10, blank=True, choices=choices(WhyDisabled))

    class Meta:
        constraints: ClassVar = [one_of("webhook", "disabled_why", ("", *WhyDisabled))]

    def __str__(self) -> str:
        return self.name

    def wants(self, name: str) -> bool:
        """Whether it subscribed to events of this type."""
        return name in self.types or ALL in self.types
