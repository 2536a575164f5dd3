"""Batches of events: stored as they came where nothing forbids it, and taken through the steps one by one."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from assay.actions.landing import Opened, Sent, set_aside, sort_landed
from assay.actions.receive import Arrival, Rejected, Tally
from assay.domain.ip import may_hold_address
from assay.intake.collector.keys import Key, ready
from assay.intake.collector.messages import NOWHERE, Batch, read_event
from assay.intake.collector.quarantine import kept
from assay.intake.collector.refusals import Refused
from assay.intake.collector.steps import Passing, arrival
from assay.records.models import WriteKey

log = logging.getLogger(__name__)

AT_ONCE = 2_000
"""Events that are sorted in one transaction."""


class _Content(msgspec.Struct, frozen=True):
    """A batch on its way: what its request said beside its body."""

    batch: Batch
    agent: str
    received_at: datetime


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Content).decode


def pack(key: Key, batch: Batch, agent: str) -> Sent:
    """A batch that came now, to be opened later."""
    content = _Content(batch, agent, datetime.now(UTC))
    return Sent(key.id, len(batch.batch), msgspec.Raw(_encode(content)))


def may_wait(body: bytes) -> bool:
    """Whether a batch may be stored before it is opened: nothing in it has to be left out or cut first."""
    return b"consent" not in body and not may_hold_address(body)


# --- The steps -----------------------------------------------------------------------------------


def take_apart(key: Key, batch: Batch, agent: str) -> Opened:
    """A batch that came now, its events taken through the steps."""
    return _steps(key, _Content(batch, agent, datetime.now(UTC)))


def keys_on_record(ids: set[int]) -> Mapping[int, Key]:
    """Keys with the rules they have now. That one was revoked since is no reason to lose what it brought."""
    return {row.pk: ready(row) for row in WriteKey.objects.filter(pk__in=ids)} if ids else {}


def open_batches(sent: Sequence[Sent], read: Callable[[set[int]], Mapping[int, Key]] = keys_on_record) -> Opened:
    """Batches that landed, taken through the steps."""
    arrivals, rejected, refused = list[Arrival](), list[Rejected](), Counter[tuple[int, str, str]]()
    keys = read({batch.key for batch in sent})
    for batch in sent:
        opened = _steps(keys[batch.key], _decode(batch.content))
        arrivals += opened.arrivals
        rejected += opened.rejected
        refused += opened.refused
    return Opened(arrivals, rejected, refused)


def sort_everything() -> None:
    """Sort all that has landed: for whoever is to see everything that came in."""
    while sort_landed(AT_ONCE, open_batches):
        pass


def _steps(key: Key, content: _Content) -> Opened:
    """The events that can be stored, and those that go to the quarantine; what must not be kept is counted."""
    batch, agent, at = content.batch, content.agent, content.received_at
    arrivals, rejected, refused = list[Arrival](), list[Rejected](), Tally()
    context = batch.context or NOWHERE
    for raw in batch.batch:
        text = bytes(raw)
        try:
            arrivals.append(arrival(Passing(read_event(text), text, key, at, agent, context, batch.sent_at)))
        except Refused as error:
            if error.reason == "no_consent":
                refused[key.id, "refused", error.reason] += 1
            else:
                whole = kept(text, agent, context, batch.sent_at)
                rejected.append(Rejected(key.id, error.reason, str(error), whole, at))
        except Exception as error:
            log.exception("an event was set aside")
            rejected.append(set_aside(key.id, kept(text, agent, context, batch.sent_at), at, error))
    return Opened(arrivals, rejected, refused)
