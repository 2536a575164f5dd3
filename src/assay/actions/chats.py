"""Chats that are written to: addresses of people and of teams' channels, given and taken away by an admin."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.webhooks import web_address
from assay.domain.delivery import Outcome, Result
from assay.domain.errors import BadInput, NotFound
from assay.domain.notifications import Kind
from assay.domain.phrase import Phrase
from assay.records.models import ChatAddress, OutboxMessage, User
from assay.records.notifications import Service
from assay.records.sealing import seal

MANAGE = Phrase("manage chats")
LONGEST_NAME = 200
HELLO = "chat.hello"
"""The type of the message that says that an address works."""


@transaction.atomic
def add_chat(
    service: str, url: str, by: Actor, at: datetime, *, name: str = "", person: User | None = None,
    kinds: Sequence[str] = (),
) -> ChatAddress:  # fmt: skip
    """Write to a chat from now on: for a person, as they choose, or for a team, of these kinds. It is greeted at once.

    Another address of the same person takes the place of the one before. Raises BadInput, Refused or MoveRefused.
    """
    by.needs_admin(MANAGE)
    if service not in list(Service):
        raise BadInput("unknown_service", Phrase("Choose Slack or Teams."))
    called = person.name if person else name.strip()
    if not called or len(called) > LONGEST_NAME:
        raise BadInput("no_name", Phrase("Say whose chat or which channel it is, in at most 200 characters."))
    if person is None and not kinds:
        raise BadInput("no_kinds", Phrase("Say what the channel is told of, at least one kind."))
    if strange := set(kinds) - set(Kind):
        raise BadInput("unknown_kind", Phrase("There are no notifications of the kind {name}.", name=min(strange)))
    if person:
        for before in ChatAddress.objects.filter(user=person):
            _forget(before, at)
    language = User.objects.filter(pk=by.user_id or 0).values_list("language", flat=True).first() or ""
    chat = ChatAddress.objects.create(
        name=called, service=service, url=seal(web_address(url)), user=person, kinds=sorted(kinds),
        language=language, created_at=at, created_by_id=by.user_id,
    )  # fmt: skip
    _greet(chat, at)
    return chat


@transaction.atomic
def greet_chat(number: int, by: Actor, at: datetime) -> ChatAddress:
    """Greet a chat again; one that was gone is tried and told of things from now on. Raises NotFound."""
    chat = _held(number, by)
    chat.gone_at = None
    chat.save(update_fields=["gone_at"])
    _greet(chat, at)
    return chat


@transaction.atomic
def remove_chat(number: int, by: Actor, at: datetime) -> ChatAddress:
    """Forget a chat; what waits for it is told there no more. Raises NotFound."""
    chat = _held(number, by)
    _forget(chat, at)
    return chat


def note_outcome(message: OutboxMessage, outcome: Outcome, at: datetime) -> None:
    """Tell a chat that is gone nothing more, within the caller's transaction."""
    if outcome.result is Result.GONE:
        ChatAddress.objects.filter(pk=int(message.destination), gone_at=None).update(gone_at=at)


def _greet(chat: ChatAddress, at: datetime) -> None:
    OutboxMessage.objects.create(
        event_id=uuid4(), channel=chat.service, destination=str(chat.pk), type=HELLO, created_at=at, due_at=at
    )


def _forget(chat: ChatAddress, at: datetime) -> None:
    waiting = OutboxMessage.objects.filter(channel=chat.service, destination=str(chat.pk), due_at__isnull=False)
    waiting.update(due_at=None, dead_at=at, last_error="The chat was removed.")
    ChatAddress.objects.filter(pk=chat.pk).delete()


def _held(number: int, by: Actor) -> ChatAddress:
    by.needs_admin(MANAGE)
    chat = ChatAddress.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if chat is None:
        raise NotFound("unknown_chat", Phrase("There is no chat {number}.", number=number))
    return chat
