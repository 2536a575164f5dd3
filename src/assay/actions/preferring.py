"""How somebody wants to hear of things, as they choose it, and what they have read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from django.core import signing
from django.db import transaction

from assay.domain.errors import BadInput, NotFound
from assay.domain.notifications import KINDS, Kind, Way
from assay.domain.phrase import Phrase
from assay.domain.quiet import WEEK_DAYS, Rhythm
from assay.records.models import Notification, NotificationPreference, User

DIGEST = "digest"
"""Stands beside the kinds where mails are stopped."""

_SALT = "assay.notifications.unsubscribe"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chooses; kinds that do not stand in ``ways`` keep what they have. Quiet days: 0 is Monday."""

    ways: Mapping[Kind, Collection[Way]] = field(default_factory=dict)
    digest: Rhythm = Rhythm.DAILY
    digest_hour: int = 8
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_days: Collection[int] = ()


@transaction.atomic
def choose(user: User, chosen: Choices, at: datetime) -> NotificationPreference:
    """Keep what somebody chose for themselves. A digest that was off begins with the next one. Raises BadInput."""
    _check(chosen)
    preference = _held(user.pk)
    ways = {kind: frozenset(given) for kind, given in chosen.ways.items()}
    for kind, given in ways.items():
        preference.ways.pop(kind, None)
        if given != KINDS[kind].ways:
            preference.ways[kind] = sorted(given)
    if (chosen.digest, chosen.digest_hour) != (preference.digest, preference.digest_hour):
        preference.digest_since = at
    preference.digest, preference.digest_hour = chosen.digest, chosen.digest_hour
    preference.quiet_from, preference.quiet_until = chosen.quiet_from, chosen.quiet_until
    preference.quiet_days = sorted(set(chosen.quiet_days))
    preference.save()
    return preference


def _check(chosen: Choices) -> None:
    if (chosen.quiet_from is None) != (chosen.quiet_until is None):
        raise BadInput("half_quiet", Phrase("Quiet hours need both a beginning and an end."))
    if chosen.quiet_from is not None and chosen.quiet_from == chosen.quiet_until:
        raise BadInput("no_quiet", Phrase("Quiet hours have to end at another time than they begin."))
    if len(set(chosen.quiet_days)) >= WEEK_DAYS:
        said = Phrase("Leave at least one day that is not quiet.")
        raise BadInput("always_quiet", said, Phrase("To hear nothing at all, choose no mail and no chat above."))


def _held(user_id: int) -> NotificationPreference:
    NotificationPreference.objects.get_or_create(user_id=user_id)
    return NotificationPreference.objects.select_for_update().get(user_id=user_id)


def mark_read(user: User, at: datetime, number: int | None = None) -> int:
    """Note that somebody has read one notification, or all they have. Returns how many were unread."""
    unread = Notification.objects.filter(user=user, read_at=None)
    return (unread if number is None else unread.filter(pk=number)).update(read_at=at)


def unsubscribe_token(user_id: int, what: str) -> str:
    """What a link carries that stops the mails of a kind, or the digest, without a sign-in. It holds for good."""
    return signing.dumps([user_id, what], salt=_SALT)


@dataclass(frozen=True, slots=True)
class Subscription:
    """The mails that a link stops: whose, and of what."""

    user: User
    what: str


def subscription(token: str) -> Subscription:
    """What a link is for. Raises NotFound for one that we did not make, or of somebody who is gone."""
    try:
        user_id, what = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        user_id, what = None, ""
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is None:
        said = Phrase("This link stops no mails: it is not whole, or whom it was for is gone.")
        raise NotFound("unknown_subscription", said, Phrase("Open it as it stands in the mail."))
    return Subscription(user, what)


@transaction.atomic
def unsubscribe(token: str, *, everything: bool = False) -> Subscription:
    """Stop the mails that a link is for, or all mails to its reader; what stands on the desk stays. Raises NotFound."""
    stopped = subscription(token)
    preference = _held(stopped.user.pk)
    for kind in Kind:
        if everything or stopped.what == kind:
            preference.ways[kind] = sorted(preference.ways_of(kind) - {Way.EMAIL})
    if everything or stopped.what == DIGEST:
        preference.digest = Rhythm.OFF
    preference.save()
    return stopped
