"""What outcomes taught, version by version, and the chance of a win that it gives each open lead."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assay.domain.chances import Report
from assay.records.constraints import choices, one_of


class LearnedModel(models.Model):
    """One time that outcomes were learned from: how many, what they allow to be said, and how well it did.

    ``parameters`` are the model as plain numbers, and None where there is nothing to predict by. The newest counts.
    """

    trained_at = models.DateTimeField()
    policy = models.ForeignKey("records.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    outcomes = models.PositiveIntegerField()
    won = models.PositiveIntegerField()
    says = models.CharField(max_length=10, choices=choices(Report))
    report = models.JSONField()
    parameters = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            one_of("learnedmodel", "says", Report),
            models.CheckConstraint(
                name="learnedmodel_predicts_or_not",
                condition=Q(says=str(Report.TELLS), parameters__isnull=False)
                | (~Q(says=str(Report.TELLS)) & Q(parameters__isnull=True)),
            ),
        ]

    @property
    def version(self) -> int:
        """The number people use."""
        return self.pk


class Prediction(models.Model):
    """The chance that a lead at the gate or with sales is won, by what was known when this pass of it was promoted.

    The share of leads with its score that win lies between ``low`` and ``high`` with 80 % probability.
    """

    lead = models.OneToOneField("records.Lead", on_delete=models.CASCADE, primary_key=True, related_name="prediction")
    model = models.ForeignKey(LearnedModel, on_delete=models.PROTECT, related_name="predictions")
    pass_no = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    chance = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    reasons = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="prediction_is_a_chance",
                condition=Q(low__gte=0, high__lte=1, low__lte=F("chance"), high__gte=F("chance")),
            )
        ]


def newest() -> LearnedModel | None:
    """What was learned last, without its parameters; None before anything was."""
    return LearnedModel.objects.defer("parameters").order_by("-pk").first()
