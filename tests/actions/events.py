"""Events as the collector stores them, and the scorer that comes for them: in process, on the test database."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from assay.actions.counting import Counted, count_waiting
from assay.actions.receive import Tally, receive
from assay.intake.collector.keys import Key, Keys
from assay.intake.collector.messages import read_event
from assay.intake.collector.steps import Passing, arrival
from assay.intake.statements import read_statement
from assay.records.models import Identity, Lead, Source, WriteKey
from tests.people import NOW

TEXT = "site-1"


def the_key(**said: Any) -> Key:
    """The write key of all tests, made where it is not there yet."""
    source, _ = Source.objects.get_or_create(name="Website")
    row, _ = WriteKey.objects.get_or_create(
        key=TEXT, defaults={"name": "Site", "source": source, "created_at": NOW, **said}
    )
    keys = Keys()
    keys.renew([row])
    key = keys(TEXT)
    assert key
    return key


def take_in(*events: dict[str, Any], at: datetime = NOW) -> Tally:
    """Events go through the collector's steps and are stored, as one batch."""
    key = the_key()
    raws = [msgspec.json.encode(event) for event in events]
    return receive([arrival(Passing(read_event(raw), raw, key, at)) for raw in raws], [], Counter(), at)


def counted(most: int = 1_000, at: datetime = NOW) -> Counted:
    """The scorer comes to what waits, once."""
    return count_waiting(most, at, read_statement)


def happened(*events: dict[str, Any], at: datetime = NOW) -> Counted:
    """Events come in and are counted."""
    take_in(*events, at=at)
    return counted(at=at)


def visit(visitor: str, kind: str = "pricing_view", **said: Any) -> dict[str, Any]:
    """Something an unknown browser did."""
    return {"type": "track", "event": kind, "anonymousId": visitor, **said}


def use(user: str, kind: str = "pricing_view", **said: Any) -> dict[str, Any]:
    """Something a user of the product did."""
    return {"type": "track", "event": kind, "userId": user, **said}


def said_to_be(user: str | None = None, visitor: str | None = None, **traits: Any) -> dict[str, Any]:
    """An identify call."""
    ids = {"userId": user, "anonymousId": visitor}
    return {"type": "identify", "traits": traits, **{name: value for name, value in ids.items() if value}}


def alias(previous: str, user: str) -> dict[str, Any]:
    """An alias call."""
    return {"type": "alias", "previousId": previous, "userId": user}


def group(group_id: str, user: str | None = None, visitor: str | None = None, **traits: Any) -> dict[str, Any]:
    """A group call."""
    return {**said_to_be(user, visitor, **traits), "type": "group", "groupId": group_id}


def lead_of(value: str) -> Lead:
    """The lead that an identity leads to."""
    return Lead.objects.select_related("person", "company").get(person__identities__value=value)


def owner_of(value: str) -> int | None:
    """The person that an identity leads to, if anybody."""
    return Identity.objects.get(value=value).person_id


def kinds_of(lead: Lead) -> dict[str, int]:
    """How many signals of each kind count for a lead."""
    return dict(lead.states.values_list("kind", "count"))


def people() -> set[frozenset[str]]:
    """Who is one with whom: the identities of each person, by value."""
    by_person: dict[int, set[str]] = {}
    for person, value in Identity.objects.exclude(person=None).values_list("person", "value"):
        by_person.setdefault(person or 0, set()).add(value)
    return set(map(frozenset, by_person.values()))


def in_batches(events: Iterable[dict[str, Any]], sizes: Iterable[int]) -> Iterable[list[dict[str, Any]]]:
    """Events cut into pieces of these sizes, the last of what is left."""
    left = list(events)
    for size in sizes:
        yield left[:size]
        left = left[size:]
    yield left
