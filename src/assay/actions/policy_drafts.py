"""Versions on their way to being the rule: drafted, talked about, and dropped."""

from datetime import datetime

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.policies import new_version, rule, unpublished
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.records.models import PolicyComment, PolicyVersion

LONGEST = 10_000
"""Characters of a comment."""


@transaction.atomic
def draft(policy: Policy, by: Actor, at: datetime) -> PolicyVersion:
    """Keep a text as a version to be signed; the same text twice is one draft.

    An old version's text makes a draft too: that is how one rolls back. Raises Refused for that of the rule in force.
    """
    by.needs_a_desk(Phrase("draft a policy"))
    if rule(at).policy.digest == policy.digest:
        raise Refused("in_force", Phrase("That is the rule in force, word for word."), Phrase("Change something."))
    before = PolicyVersion.objects.filter(digest=policy.digest, published_at=None).first()
    return before or new_version(policy, at, by=by.user_id)


@transaction.atomic
def discard(number: int, by: Actor) -> None:
    """Drop a draft that nobody has signed, with what was said about it."""
    by.needs_a_desk(Phrase("discard a draft"))
    version = unpublished(number)
    if version.keys.exists():
        raise Refused("signed", Phrase("Version {number} carries a key already.", number=number))
    version.delete()


@transaction.atomic
def comment(number: int, by: Actor, at: datetime, text: str) -> PolicyComment:
    """Say something about a version."""
    by.needs_a_desk(Phrase("comment on a policy"))
    if not PolicyVersion.objects.filter(pk=number).exists():
        raise NotFound("unknown_policy", Phrase("There is no policy version {number}.", number=number))
    if not text.strip():
        raise BadInput("no_text", Phrase("Nothing was said."), Phrase("Write something."))
    if len(text) > LONGEST:
        raise BadInput(
            "too_long", Phrase("That is more than {count} characters.", count=LONGEST), Phrase("Shorten it.")
        )
    return PolicyComment.objects.create(policy_id=number, by_id=by.user_id or 0, at=at, text=text.strip())
