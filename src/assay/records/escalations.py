"""The steps that were taken as a clock ran out, so that each is taken once."""

from typing import ClassVar

from django.db import models

from assay.domain.clock import Clock
from assay.domain.escalation import Step
from assay.records.constraints import choices, one_of


class Escalation(models.Model):
    """A step taken for one clock of a pass. A clock is the one that started then: after a touch the next one runs.

    ``started_at`` of a close date is its end, so that a new date is a new clock.
    """

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="escalations")
    pass_no = models.PositiveIntegerField()
    clock = models.CharField(max_length=14, choices=choices(Clock))
    started_at = models.DateTimeField()
    step = models.CharField(max_length=6, choices=choices(Step))
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "pass_no", "clock", "started_at", "step"], name="escalation_once"),
            one_of("escalation", "clock", Clock),
            one_of("escalation", "step", Step),
        ]
