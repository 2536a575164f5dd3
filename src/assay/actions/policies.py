"""The rule in force: the shipped default to begin with, then versions published by two keys."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.db import connection, transaction

from assay.actions.actors import Actor
from assay.actions.audiences import key_holders
from assay.actions.notifying import Telling, notify
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.ladder import Desk
from assay.domain.notifications import Kind
from assay.domain.phrase import Phrase
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
    return new_version(policy, at, published_at=at)


def new_version(
    policy: Policy, at: datetime, published_at: datetime | None = None, by: int | None = None
) -> PolicyVersion:
    """A version of this text, written by a user where one is named."""
    return PolicyVersion.objects.create(
        name=policy.name[:200],
        text=policy.text,
        digest=policy.digest,
        created_at=at,
        published_at=published_at,
        written_by_id=by,
    )


@transaction.atomic
def sign(policy: Policy, by: Actor, desk: Desk, at: datetime) -> PolicyVersion:
    """Turn one of the two keys on a policy's exact text. Raises Refused when desk or person has signed already."""
    by.needs(desk, Phrase("sign a policy for {desk}", desk=desk))
    version = PolicyVersion.objects.select_for_update().filter(
        digest=policy.digest, published_at=None
    ).first() or new_version(policy, at)
    for key in version.keys.select_related("by"):
        if key.desk == desk:
            said = {"who": str(key.by), "number": version.pk, "desk": desk}
            raise Refused("signed_already", Phrase("{who} has signed version {number} for {desk} already.", **said))
        if key.by_id == by.user_id:
            raise Refused(
                "two_people",
                Phrase(
                    "{who} has signed version {number} for {desk}.", who=by.name, number=version.pk, desk=Desk(key.desk)
                ),
                Phrase("The second key is another person's."),
            )
    PolicyKey.objects.create(policy=version, desk=desk, by=User.objects.get(pk=by.user_id or 0), at=at)
    _ask_for_the_other_key(version, by, at)
    return version


def _ask_for_the_other_key(version: PolicyVersion, by: Actor, at: datetime) -> None:
    signed = set(version.keys.values_list("desk", flat=True))
    lacking = [desk for desk in (Desk.MARKETING, Desk.SALES) if desk not in signed]
    details = {"number": version.pk, "by": by.name}
    notify(at, [Telling(Kind.KEY_WANTED, key_holders(desk), details=details) for desk in lacking])


@transaction.atomic
def publish(number: int, by: Actor, at: datetime, when: datetime | None = None) -> PolicyVersion:
    """Put a version that carries both keys in force from now on, or by itself once it is ``when``."""
    by.needs_a_desk(Phrase("publish a policy"))
    version = unpublished(number)
    signed = set(version.keys.values_list("desk", flat=True))
    lacking = sorted({Desk.MARKETING, Desk.SALES} - {Desk(desk) for desk in signed})
    if lacking:
        raise Refused(
            "keys_missing",
            Phrase("Version {number} lacks the key of {desks}.", number=number, desks=tuple(lacking)),
            "Sign it with: assay policy sign",
        )
    if when and when <= at:
        raise BadInput("past", Phrase("That time has passed."), Phrase("Choose a later one, or publish it now."))
    version.publish_at, version.published_at = when, None if when else at
    version.save(update_fields=["publish_at", "published_at"])
    return version


@transaction.atomic
def keep_waiting(number: int, by: Actor) -> PolicyVersion:
    """Take back the time at which a version was to come into force; its keys stay."""
    by.needs_a_desk(Phrase("publish a policy"))
    version = unpublished(number)
    version.publish_at = None
    version.save(update_fields=["publish_at"])
    return version


def publish_due(at: datetime) -> list[PolicyVersion]:
    """Put in force what has its time by ``at``, the earliest first; of several who do this one does it."""
    due = PolicyVersion.objects.filter(publish_at__lte=at, published_at=None).order_by("publish_at", "pk")
    if not due.exists():  # asked every few seconds: on SQLite a transaction would wait for every other writer
        return []
    with transaction.atomic():
        versions = list(due.select_for_update())
        for version in versions:
            version.published_at = at
            version.save(update_fields=["published_at"])
    return versions


def unpublished(number: int) -> PolicyVersion:
    """A version that is not in force yet, locked. Raises NotFound or Refused."""
    version = PolicyVersion.objects.select_for_update().filter(pk=number).first()
    if version is None:
        raise NotFound(
            "unknown_policy",
            Phrase("There is no policy version {number}.", number=number),
            "List them with: assay policy list",
        )
    if version.published_at:
        raise Refused("published_already", Phrase("Version {number} is published already.", number=number))
    return version
