"""What people decided and did: the append-only ledger, touches, and deals."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.domain.ladder import ASSIGN, BANT, MOVES, Desk, Rung
from assay.records.constraints import choices, one_of


class Decision(models.Model):
    """A move on the ladder: who, when, from, to, why, under which policy, with the score as it stood. Append-only.

    So is giving a lead to another owner, which leaves it on its rung.
    """

    lead = models.ForeignKey("records.Lead", on_delete=models.PROTECT, related_name="decisions")
    pass_no = models.PositiveIntegerField()
    move = models.CharField(max_length=20)
    from_rung = models.CharField(max_length=12, blank=True)
    to_rung = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    by_name = models.CharField(max_length=300)
    desk = models.CharField(max_length=10)
    reason = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    policy = models.ForeignKey("records.PolicyVersion", on_delete=models.PROTECT)
    score = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lead", "id"]),
            models.Index(fields=["move", "at"]),
            # Against the rule: seldom, and among all promotions hard to find.
            models.Index(
                fields=["at"], name="decision_override", condition=Q(move="promote", desk=str(Desk.MARKETING))
            ),
        ]
        constraints: ClassVar = [
            one_of("decision", "move", (*MOVES, ASSIGN)),
            one_of("decision", "to_rung", Rung),
            one_of("decision", "desk", Desk),
        ]


class TouchKind(StrEnum):
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    OTHER = "other"


class Touch(models.Model):
    """Something we did to a lead; ``reached`` says whether it was two-way. Automatic mail is never a human touch."""

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="touches")
    pass_no = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=choices(TouchKind))
    at = models.DateTimeField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    by_name = models.CharField(max_length=300)
    reached = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lead", "at"]), models.Index(fields=["at"], name="touch_by_time")]
        constraints: ClassVar = [one_of("touch", "kind", TouchKind)]


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"


class Deal(models.Model):
    """A pass' BANT notes and, once opened, its deal: an open one cannot lack value, currency, date or a note."""

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="deals")
    pass_no = models.PositiveIntegerField()
    company = models.ForeignKey("records.Company", on_delete=models.PROTECT, null=True, related_name="deals")
    budget = models.TextField(blank=True)
    authority = models.TextField(blank=True)
    need = models.TextField(blank=True)
    timeline = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    close_date = models.DateField(null=True)
    outcome = models.CharField(max_length=4, blank=True, choices=choices(Outcome))
    closed_on = models.DateField(null=True)
    actual_value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["close_date"], condition=Q(outcome=""), name="deal_open_by_close")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "pass_no"], name="deal_one_a_pass"),
            one_of("deal", "outcome", ("", *Outcome)),
            models.CheckConstraint(
                name="deal_open_is_whole",
                condition=Q(opened_at__isnull=True)
                | (
                    Q(value__isnull=False, value__gt=0, close_date__isnull=False)
                    & ~Q(currency="")
                    & ~Q(budget="")
                    & ~Q(authority="")
                    & ~Q(need="")
                    & ~Q(timeline="")
                ),
            ),
            models.CheckConstraint(
                name="deal_closed_was_open",
                condition=Q(outcome="") | Q(opened_at__isnull=False, closed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="deal_won_has_value",
                condition=~Q(outcome="won") | Q(actual_value__isnull=False, actual_value__gt=0),
            ),
        ]

    @property
    def bant(self) -> dict[str, str]:
        """The notes that confirm budget, authority, need and timeline; "" is not confirmed."""
        return {point: getattr(self, point) for point in BANT}
