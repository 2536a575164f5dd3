"""Telling people: on their desk, by mail and in their chat, as each has chosen, all of it committed with its cause."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db.models import Count, Q

from assay.actions.mailing import can_mail
from assay.actions.outbox import is_silent
from assay.actions.writing import insert
from assay.domain.delivery import TO_PEOPLE, Channel
from assay.domain.notifications import Details, Kind, Way
from assay.domain.quiet import quiet_until
from assay.records.models import ChatAddress, Notification, NotificationPreference, OutboxMessage, User

MOST_AN_HOUR = 20
"""Mails, and messages of a chat, that one person or channel gets within an hour: nobody reads more."""


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """Something to be told to some users, by number, once each; with ``details`` as its kind's sentence wants them."""

    kind: Kind
    to: Sequence[int]
    lead: int | None = None
    details: Details = field(default_factory=dict)


def notify(now: datetime, tellings: Sequence[Telling]) -> list[Notification]:
    """Tell people, within the caller's transaction. Takes as many queries however much there is to tell.

    Mails and chats to somebody wait until their quiet hours end; the desk is never quiet. Teams' channels hear of the
    kinds they were given, once. Of more than ``MOST_AN_HOUR`` people hear on their desk alone, and by the digest.
    Returns what came onto desks.
    """
    if not tellings or is_silent():
        return []
    people = _people({user_id for telling in tellings for user_id in telling.to})
    chats = _chats(people, {telling.kind for telling in tellings})
    sent = _sent(people, chats, now)
    told = [one for telling in tellings for one in _told(telling, people, chats, sent, now)]
    desks = insert(Notification, [one.on_desk for one in told if one.on_desk])
    for one in told:
        for message in one.messages:
            message.payload["notification"]["id"] = one.on_desk and one.on_desk.pk
    insert(OutboxMessage, [message for one in told for message in one.messages])
    return desks


def preference_of(user: User) -> NotificationPreference:
    """How somebody wants to hear of things: what they chose, else the defaults, not on record yet."""
    return getattr(user, "notification_preference", None) or NotificationPreference(user=user)


def not_before(message: OutboxMessage, at: datetime) -> datetime:
    """When a message that could go at a time may: once the quiet hours of the person whom it is for are over."""
    person = User.objects.none()
    if message.channel == Channel.EMAIL:
        person = User.objects.filter(pk=int(message.destination))
    elif message.channel in TO_PEOPLE:
        person = User.objects.filter(chat_address=int(message.destination))
    found = person.select_related("notification_preference").first()
    preference = preference_of(found) if found else None
    return quiet_until(preference.quiet, preference.zone, at) if preference else at


def _people(user_ids: Collection[int]) -> Mapping[int, User]:
    found = User.objects.filter(pk__in=user_ids, is_active=True).select_related("notification_preference")
    return {user.pk: user for user in found}


def _chats(people: Collection[int], kinds: Collection[Kind]) -> list[ChatAddress]:
    """The chats of these people, and the teams' channels; one that is gone is told nothing."""
    wanted = Q(user__in=list(people)) | Q(user=None)
    return list(ChatAddress.objects.filter(wanted, gone_at=None).order_by("pk"))


Sent = Counter[tuple[str, str]]
"""How many messages somebody got within the hour, by channel and destination."""


def _sent(people: Collection[int], chats: Sequence[ChatAddress], now: datetime) -> Sent:
    to = Q(channel=Channel.EMAIL, destination__in=[str(user_id) for user_id in people])
    to |= Q(channel__in=TO_PEOPLE, destination__in=[str(chat.pk) for chat in chats])
    lately = OutboxMessage.objects.filter(to, created_at__gt=now - timedelta(hours=1))
    counted = lately.values_list("channel", "destination").annotate(Count("pk")).order_by()
    return Counter({(channel, destination): number for channel, destination, number in counted})


class _Told(NamedTuple):
    """What one person, or one team's channel, gets of something: on the desk, and on its way elsewhere."""

    on_desk: Notification | None
    messages: list[OutboxMessage]


def _told(
    telling: Telling, people: Mapping[int, User], chats: Sequence[ChatAddress], sent: Sent, now: datetime
) -> Iterator[_Told]:
    event_id = uuid4()
    for chat in chats:
        if chat.user_id is None and telling.kind in chat.kinds:
            yield _Told(None, _messages(telling, event_id, [(chat.service, chat.pk)], sent, now, now))
    for user_id in dict.fromkeys(telling.to):
        if user_id in people:
            own = [chat for chat in chats if chat.user_id == user_id]
            yield _to(people[user_id], telling, event_id, own, sent, now)


def _to(
    person: User, telling: Telling, event_id: UUID, chats: Sequence[ChatAddress], sent: Sent, now: datetime
) -> _Told:
    preference = preference_of(person)
    ways, due = preference.ways_of(telling.kind), quiet_until(preference.quiet, preference.zone, now)
    to: list[tuple[str, int]] = []
    if Way.EMAIL in ways and can_mail():
        to.append((Channel.EMAIL, person.pk))
    if Way.CHAT in ways:
        to += [(chat.service, chat.pk) for chat in chats]
    messages = _messages(telling, event_id, to, sent, now, due)
    if Way.DESK not in ways and len(messages) == len(to):
        return _Told(None, messages)
    on_desk = Notification(
        user_id=person.pk, kind=telling.kind, lead_id=telling.lead, details=dict(telling.details), at=now,
        elsewhere=bool(messages),
    )  # fmt: skip
    return _Told(on_desk, messages)


def _messages(
    telling: Telling, event_id: UUID, to: Sequence[tuple[str, int]], sent: Sent, now: datetime, due: datetime
) -> list[OutboxMessage]:
    """Those for whom it is not one too many, which are counted."""
    sent.update((channel, str(destination)) for channel, destination in to)
    return [
        OutboxMessage(
            event_id=event_id, channel=channel, destination=str(destination), type=telling.kind, lead_id=telling.lead,
            payload={"notification": {"kind": telling.kind, "details": dict(telling.details)}},
            created_at=now, due_at=due,
        )
        for channel, destination in to
        if sent[channel, str(destination)] <= MOST_AN_HOUR
    ]  # fmt: skip
