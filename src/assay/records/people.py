"""Who is known: people, the companies they act for, and the identities that lead to a person."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from assay.domain.identity import IdentityKind as IdentityKind
from assay.records.constraints import choices, one_of


class Company(models.Model):
    """An organisation, keyed by its web domain."""

    domain = models.CharField(max_length=253, unique=True)
    name = models.CharField(max_length=300, blank=True)
    employees = models.FloatField(null=True)
    industry = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=100, blank=True)
    revenue = models.FloatField(null=True)
    budget = models.FloatField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or self.domain


class Person(models.Model):
    """Someone with a name or a contact detail. ``email`` is as they write it; the identity is beside it."""

    name = models.CharField(max_length=300, blank=True)
    first_name = models.CharField(max_length=300, blank=True)
    last_name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or self.email or self.phone or f"Person {self.pk}"


class BuyingRole(StrEnum):
    DECISION_MAKER = "decision_maker"
    CHAMPION = "champion"
    INFLUENCER = "influencer"
    USER = "user"
    BLOCKER = "blocker"
    UNKNOWN = "unknown"


class Membership(models.Model):
    """A person acting for a company, with their role in buying."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=choices(BuyingRole), default=BuyingRole.UNKNOWN)

    class Meta:
        indexes: ClassVar = [
            # Most parts are unknown, and those are not counted.
            models.Index(fields=["company", "role"], name="membership_part", condition=~models.Q(role="unknown"))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "company"], name="membership_once"),
            one_of("membership", "role", BuyingRole),
        ]


class Identity(models.Model):
    """One way to recognise somebody. ``person`` is empty while nobody knows who it is: signals wait here for them."""

    kind = models.CharField(max_length=10, choices=choices(IdentityKind))
    value = models.CharField(max_length=320)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="identities")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["value", "kind"], name="identity_once"),
            one_of("identity", "kind", IdentityKind),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Merge(models.Model):
    """Two people who turned out to be one. It keeps what went over, so that it can be undone."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_into")
    at = models.DateTimeField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True)
    by_name = models.CharField(max_length=150)
    why = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merged"], condition=models.Q(undone_at=None), name="merged_once"),
            models.CheckConstraint(name="merge_of_two", condition=~models.Q(kept=models.F("merged"))),
        ]
