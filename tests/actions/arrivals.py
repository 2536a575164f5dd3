"""Events as the collector hands them over."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from assay.actions.receive import Arrival
from assay.domain.identity import IdentityKind
from assay.intake.collector.steps import stored_time
from tests.people import NOW


def arrived(
    kind: str,
    *,
    visitor: str = "",
    user: str = "",
    email: str = "",
    at: datetime = NOW,
    url: str = "",
    properties: Mapping[str, Any] | None = None,
    message_id: str = "",
    bot_reason: str = "",
) -> Arrival:
    """One event of a browser, a user or an address."""
    names = {IdentityKind.USER: user, IdentityKind.EMAIL: email, IdentityKind.VISITOR: visitor}
    who, name = next((kind, name) for kind, name in names.items() if name)
    return Arrival(
        message_id or uuid4().hex,
        who,
        name,
        kind,
        stored_time(at),
        stored_time(at),
        url,
        bool(bot_reason),
        bot_reason,
        json.dumps(properties or {}),
        a_key(),
    )


def a_key() -> int:
    """The number of a write key."""
    from assay.records.models import Source, WriteKey

    source, _ = Source.objects.get_or_create(name="Website")
    key, _ = WriteKey.objects.get_or_create(key="wk", defaults={"name": "Site", "source": source, "created_at": NOW})
    return key.pk
