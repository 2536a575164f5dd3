"""Where leads come from, what that cost and when, and how many visitors came each day."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower


class Source(models.Model):
    """Where a lead came from. Names are unique whatever their case."""

    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="source_once")]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """One effort of a source."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("source", Lower("name"), name="campaign_once")]

    def __str__(self) -> str:
        return self.name


class Spend(models.Model):
    """What a source, or one campaign of it, cost from one day to another, both included.

    No two costs of one campaign in one currency share a day (actions.spend sees to it), so that nothing counts twice.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="spend")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="spend")
    first = models.DateField()
    last = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    imported_by = models.ForeignKey("records.Import", on_delete=models.PROTECT, null=True, related_name="spend")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["last"], name="spend_by_last_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "campaign", "currency", "first"], name="spend_once"),
            # SQL holds two empty campaigns to be different, so they need a rule of their own.
            models.UniqueConstraint(
                fields=["source", "currency", "first"],
                condition=models.Q(campaign__isnull=True),
                name="spend_once_without_campaign",
            ),
            models.CheckConstraint(
                name="spend_makes_sense",
                condition=models.Q(amount__gte=0, first__lte=models.F("last")) & ~models.Q(currency=""),
            ),
        ]


class VisitCount(models.Model):
    """New visitors on one day (of the policy's time zone) from one source."""

    day = models.DateField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True)
    visitors = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "source", "campaign"], name="visits_once"),
            # SQL holds two empty campaigns to be different, so they need a rule of their own.
            models.UniqueConstraint(
                fields=["day", "source"],
                condition=models.Q(campaign__isnull=True),
                name="visits_once_without_campaign",
            ),
        ]
