"""The rule in force: the shipped default to begin with, then versions published by two keys."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.db import connection, transaction

from assay.actions.actors import Actor
from assay.domain.errors import NotFound, Refused
from assay.domain.ladder import Desk
from assay.domain.policy import Policy
from assay.domain.score import Scorer
from assay.policies import shipped
from assay.records.models import PolicyKey, PolicyVersion, User
from assay.records.policies import rule_at


@dataclass(frozen=True)
class Rule:
    """A published policy and the number decisions name it by."""

    version: int
    policy: Policy

    @cached_property
    def scorer(self) -> Scorer:
        return Scorer(self.policy)


def rule(at: datetime) -> Rule:
    """The rule in force at a time. A fresh database starts with the shipped default."""
    row = rule_at(at) or _earliest() or _first(at)
    return _parsed(row.pk, row.text)


@lru_cache(maxsize=8)
def _parsed(version: int, text: str) -> Rule:
    return Rule(version, Policy.parse(text))


def _earliest() -> PolicyVersion | None:
    """The earliest rule, which also holds for what happened before it."""
    return PolicyVersion.objects.filter(published_at__isnull=False).order_by("published_at", "pk").first()


@transaction.atomic
def _first(at: datetime) -> PolicyVersion:
    """Ship the default; of two who ask at once the second waits for the first and takes that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE records_policyversion IN SHARE ROW EXCLUSIVE MODE")
    return _earliest() or start_with(shipped(), at)


def start_with(policy: Policy, at: datetime) -> PolicyVersion:
    """Put the first rule of an empty installation in force; there is nobody yet to sign it."""
    return PolicyVersion.objects.create(
        name=policy.name, text=policy.text, digest=policy.digest, created_at=at, published_at=at
    )


@transaction.atomic
def sign(policy: Policy, by: Actor, desk: Desk, at: datetime) -> PolicyVersion:
    """Turn one of the two keys on a policy's exact text. Raises Refused when desk or person has signed already."""
    by.needs(desk, f"sign a policy for {desk}")
    version = PolicyVersion.objects.select_for_update().filter(
        digest=policy.digest, published_at=None
    ).first() or PolicyVersion.objects.create(name=policy.name, text=policy.text, digest=policy.digest, created_at=at)
    for key in version.keys.select_related("by"):
        if key.desk == desk:
            raise Refused("signed_already", f"{key.by} has signed version {version.pk} for {desk} already.")
        if key.by_id == by.user_id:
            raise Refused(
                "two_people",
                f"{by.name} has signed version {version.pk} for {key.desk}.",
                "The second key is another person's.",
            )
    PolicyKey.objects.create(policy=version, desk=desk, by=User.objects.get(pk=by.user_id or 0), at=at)
    return version


@transaction.atomic
def publish(number: int, by: Actor, at: datetime) -> PolicyVersion:
    """Put a version that carries both keys in force from now on."""
    by.needs_a_desk("publish a policy")
    version = PolicyVersion.objects.select_for_update().filter(pk=number).first()
    if version is None:
        raise NotFound("unknown_policy", f"There is no policy version {number}.", "List them with: assay policy list")
    if version.published_at:
        raise Refused("published_already", f"Version {number} is published already.")
    signed = set(version.keys.values_list("desk", flat=True))
    lacking = sorted({Desk.MARKETING, Desk.SALES} - {Desk(desk) for desk in signed})
    if lacking:
        raise Refused(
            "keys_missing",
            f"Version {number} lacks the key of {' and '.join(lacking)}.",
            "Sign it with: assay policy sign",
        )
    version.published_at = at
    version.save(update_fields=["published_at"])
    return version
