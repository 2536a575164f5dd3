"""Where leads come from, what campaigns cost, and how many visitors came each day."""

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
    """One effort of a source, and what it cost."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=200)
    cost = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("source", Lower("name"), name="campaign_once"),
            models.CheckConstraint(name="campaign_cost_not_negative", condition=models.Q(cost__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


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
