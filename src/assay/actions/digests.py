"""Digests: for each person and day one mail with what came and was not seen; none where there is nothing to say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from assay.actions.mailing import can_mail
from assay.actions.notifying import preference_of
from assay.actions.preferring import DIGEST
from assay.actions.writing import in_transaction
from assay.domain.delivery import Channel
from assay.domain.notifications import kinds_for
from assay.domain.quiet import PERIOD, DueDigest, Rhythm, due_digest
from assay.domain.roles import Role
from assay.records.digests import contents
from assay.records.models import Digest, OutboxMessage, User


def make_due_digests(now: datetime) -> int:
    """Put every digest that is due by ``now`` and was not made yet into the outbox. Returns how many."""
    if not can_mail():
        return 0
    return sum(in_transaction(partial(_make, user, due, now)) for user, due in _due(now))


def _due(now: datetime) -> list[tuple[User, DueDigest]]:
    """Those whose time has come, but for whom it is quiet then and whose digest of the day was made."""
    found = []
    made = set(Digest.objects.filter(day__gte=now.date() - timedelta(days=2)).values_list("user", "day"))
    for user in _readers():
        preference = preference_of(user)
        due = due_digest(Rhythm(preference.digest), preference.digest_hour, preference.zone, now)
        if due is None or (user.pk, due.day) in made or due.at < (preference.digest_since or user.date_joined):
            continue
        if not preference.quiet.holds(due.at.astimezone(preference.zone)):
            found.append((user, due))
    return found


def _readers() -> Sequence[User]:
    roles = [role for role in Role if kinds_for(role)]
    active = User.objects.filter(is_active=True, role__in=roles)
    return list(active.select_related("notification_preference").order_by("pk"))


def _make(user: User, due: DueDigest, now: datetime) -> int:
    """The day's row keeps everybody else from making another, also where there was nothing to say."""
    if Digest.objects.filter(user=user, day=due.day).exists():
        return 0
    last = Digest.objects.filter(user=user).order_by("-day").first()
    since = last.until if last else due.at - PERIOD[Rhythm(preference_of(user).digest)]
    digest = Digest.objects.create(user=user, day=due.day, since=since, until=now)
    if not contents(digest):
        return 0
    digest.said = True
    digest.save(update_fields=["said"])
    OutboxMessage.objects.create(
        event_id=uuid4(), channel=Channel.EMAIL, destination=str(user.pk), type=DIGEST,
        payload={"digest": {"id": digest.pk}}, created_at=now, due_at=now,
    )  # fmt: skip
    return 1
