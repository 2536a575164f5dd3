"""Telling others: one row for each destination, written in the transaction of what happened, delivered by `work`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import uuid4

from django.db import connection

from assay.actions.subscriptions import subscribed_endpoints
from assay.actions.writing import insert
from assay.domain.delivery import Channel
from assay.records.models import OutboxMessage

Payload: TypeAlias = dict[str, object]


@dataclass(slots=True, eq=False)
class Event:
    """Something that happened: its type, whom it is about, and what is said of it as JSON.

    ``to`` are the users whom it concerns, by number, where it is for them rather than for all who want its type.
    """

    type: str
    payload: Payload = field(default_factory=dict)
    lead: int | None = None
    decision: int | None = None
    to: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressed:
    """An event for one destination of one channel."""

    event: Event
    channel: Channel
    destination: str


Route: TypeAlias = Callable[[Sequence[Event]], list[Addressed]]
"""Says who wants which of some events, in a number of queries that does not grow with the events."""


def _webhooks(events: Sequence[Event]) -> list[Addressed]:
    wanted = subscribed_endpoints({event.type for event in events})
    return [
        Addressed(event, Channel.WEBHOOK, str(endpoint)) for event in events for endpoint in wanted.get(event.type, ())
    ]


ROUTES: tuple[Route, ...] = (_webhooks,)
"""Who is told of events; one entry a way of subscribing."""

Tell = Callable[[Sequence[Event]], object]
"""Fills in what is said of some events; asked for those only that somebody wants."""

_silent: ContextVar[bool] = ContextVar("silent", default=False)


def post(
    now: datetime,
    name: str,
    *,
    payload: Payload,
    lead: int | None = None,
    decision: int | None = None,
    to: Sequence[int] = (),
) -> list[OutboxMessage]:
    """Tell of one event of the type ``name``, within the caller's transaction; as :func:`post_all`."""
    return post_all(now, [Event(name, payload, lead, decision, tuple(to))])


def post_all(now: datetime, events: Sequence[Event], tell: Tell = lambda events: None) -> list[OutboxMessage]:
    """Tell of events that happened at ``now``, within the caller's transaction: they commit with their cause or not.

    Nobody who wants one, no row. About one lead each destination gets them in the order in which they are posted, so
    the caller holds the lead. ``tell`` fills in the payloads where reading them costs something.
    """
    assert connection.in_atomic_block, "an event is posted in the transaction of what it tells of"
    if not events or is_silent():
        return []
    addressed = [one for route in ROUTES for one in route(events)]
    wanted = {id(one.event): one.event for one in addressed}
    if not addressed:
        return []
    tell(list(wanted.values()))
    ids = {key: uuid4() for key in wanted}
    return insert(
        OutboxMessage,
        [
            OutboxMessage(
                event_id=ids[id(one.event)], channel=one.channel, destination=one.destination, type=one.event.type,
                lead_id=one.event.lead, decision_id=one.event.decision, payload=one.event.payload,
                created_at=now, due_at=now,
            )
            for one in addressed
        ],
    )  # fmt: skip


def is_silent() -> bool:
    """Whether nobody is told of anything now."""
    return _silent.get()


@contextmanager
def nothing_posted() -> Iterator[None]:
    """Within it nobody is told of anything: for history that is brought in, and for the demo."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
