"""The versions of the written rule, and the keys that publish one."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.domain.ladder import Desk
from assay.domain.policy import Policy
from assay.records.constraints import one_of


class PolicyVersion(models.Model):
    """A policy's text. Once published it never changes; the newest published version is the rule.

    ``publish_at`` is when a version with both keys comes into force by itself; a published one had it or never did.
    """

    name = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="policies")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["published_at"]),
            models.Index(fields=["publish_at"], name="policy_due", condition=Q(publish_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.pk}"

    @property
    def version(self) -> int:
        """The number people use."""
        return self.pk

    @property
    def policy(self) -> Policy:
        """The rule itself, parsed."""
        return Policy.parse(self.text)


class PolicyKey(models.Model):
    """One signature. A policy is published by two: one from marketing, one from sales, by two people."""

    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="keys")
    desk = models.CharField(max_length=10)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "desk"], name="policy_key_one_a_desk"),
            models.UniqueConstraint(fields=["policy", "by"], name="policy_key_two_people"),
            one_of("policykey", "desk", (Desk.MARKETING, Desk.SALES)),
        ]


class PolicyComment(models.Model):
    """What somebody of either team says about a version."""

    policy = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey("records.User", on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.TextField()


def rule_at(at: datetime) -> PolicyVersion | None:
    """The version in force at a time: the last one published by then."""
    return PolicyVersion.objects.filter(published_at__lte=at).order_by("-published_at", "-pk").first()
