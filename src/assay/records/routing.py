"""Who takes which leads: rules in order with their people, who is away, and what was offered to whom."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assay.records.constraints import choices, one_of


class RoutingRule(models.Model):
    """Which leads go to which people. The first rule, by ``place``, that a lead meets decides.

    Each list holds what a lead's country, size, industry, source or account may be; an empty one asks nothing.
    """

    place = models.PositiveIntegerField()
    name = models.CharField(max_length=200, unique=True)
    countries = models.JSONField(default=list)
    sizes = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    accounts = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class RoutingMember(models.Model):
    """A salesperson of a rule: a share by weight. ``credit`` is what the round robin owes them, 0 to begin with."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey("records.User", on_delete=models.CASCADE, related_name="routed_by")
    weight = models.PositiveIntegerField(default=1)
    credit = models.IntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    """How often it was their turn."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "user"], name="routing_member_once"),
            models.CheckConstraint(name="routing_member_weighs", condition=Q(weight__gte=1)),
        ]


class Absence(models.Model):
    """The days, the first and the last included, on which somebody takes no leads."""

    user = models.ForeignKey("records.User", on_delete=models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="absence_in_order", condition=Q(first__lte=F("last"))),
        ]


class Ended(StrEnum):
    """How an offer ended: taken, passed on by whom it was made to, run out, or settled otherwise."""

    TAKEN = "taken"
    PASSED = "passed"
    EXPIRED = "expired"
    MOOT = "moot"


class Offer(models.Model):
    """A lead held for one salesperson until a time, and why for this one; for nobody, why there is nobody."""

    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, related_name="offers")
    pass_no = models.PositiveIntegerField()
    to = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="offers")
    why = models.TextField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    ended = models.CharField(max_length=7, blank=True, choices=choices(Ended))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], name="offer_open", condition=Q(ended="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead"], name="offer_one_at_a_time", condition=Q(ended="")),
            one_of("offer", "ended", ("", *Ended)),
        ]
