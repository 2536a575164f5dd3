"""What programs sign in with, and the answers they got, so that asking twice does nothing twice."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.domain.roles import Role
from assay.records.constraints import choices, one_of


class Token(models.Model):
    """What a program signs in with: a person's, which acts as them, or one with a role of its own.

    Of the secret only a hash is kept; ``begins`` is by what its owner knows it again. ``scopes`` narrow what it may do.
    """

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=20)
    user = models.ForeignKey("records.User", on_delete=models.CASCADE, null=True, related_name="tokens")
    role = models.CharField(max_length=10, blank=True, choices=choices(Role))
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("records.User", on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)
    """The last day it was used: a time would be a write for every request."""
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            one_of("token", "role", ("", *Role)),
            models.CheckConstraint(
                name="token_person_or_role",
                condition=(Q(user__isnull=False) & Q(role="")) | (Q(user__isnull=True) & ~Q(role="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StoredAnswer(models.Model):
    """What a program was answered to a request with an idempotency key; the same again is answered the same.

    It stands in the transaction of what was done. ``asked`` is a hash of method, path and body.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    lead = models.ForeignKey("records.Lead", on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="stored_answer_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="stored_answer_by_age")]
