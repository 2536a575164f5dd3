"""Decisions that a program drafted: nothing is done until a person confirms one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.domain.ladder import MOVES
from assay.records.constraints import one_of


class Draft(models.Model):
    """A move somebody's program suggests for a lead as it stands: with which words, and why.

    It is open until a person confirms it, which makes the decision, or dismisses it.
    """

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="drafts")
    pass_no = models.PositiveIntegerField()
    rung = models.CharField(max_length=12)
    move = models.CharField(max_length=20)
    said = models.JSONField(default=dict)
    """What goes along with the move: its reason, text and notes."""
    why = models.TextField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=300)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            one_of("draft", "move", MOVES),
            models.CheckConstraint(
                name="draft_confirmed_is_closed", condition=Q(confirmed=False) | Q(closed_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lead", "id"], condition=Q(closed_at__isnull=True), name="draft_open_of_lead")
        ]


def open_drafts(lead_id: int) -> "models.QuerySet[Draft]":
    """The drafts of a lead that fit where it stands, and that nobody has confirmed or dismissed; the newest first."""
    here = Draft.objects.filter(lead=lead_id, closed_at=None, pass_no=models.F("lead__pass_no"))
    return here.filter(rung=models.F("lead__rung")).order_by("-pk")
