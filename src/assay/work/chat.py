"""What the chats have in common: a message for an incoming webhook, posted to an address that is checked."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from django.utils.translation import gettext as _

from assay.actions.chats import HELLO
from assay.actions.policies import rule
from assay.domain.delivery import Outcome, Result
from assay.domain.errors import Refused
from assay.domain.quiet import zone_named
from assay.records.models import ChatAddress, OutboxMessage
from assay.records.sealing import unseal
from assay.settings import current as settings
from assay.work.calling import Answer, NotReached, post
from assay.work.telling import Said, links, reading, said
from assay.work.webhook import AGENT, BUSY, retry_after

Body: TypeAlias = Mapping[str, Any]
"""What a chat takes, as JSON."""

NO_SUCH = frozenset({404, 410})
"""Slack and Teams answer so when the webhook, its channel or its workflow was removed."""


def deliver(message: OutboxMessage, now: datetime, body: Callable[[Said, str], Body]) -> Outcome:
    """Post a message to its chat; ``body`` makes what the chat takes of what is said and of the text of its link."""
    chat = ChatAddress.objects.select_related("user").filter(pk=int(message.destination)).first()
    if chat is None:
        return Outcome(Result.REFUSED, "The chat was removed.")
    if chat.gone_at is not None:
        return Outcome(Result.REFUSED, "The chat is not there any more.")
    reader = chat.user
    if reader and not reader.is_active:
        return Outcome(Result.REFUSED, "The account of whoever it is for is closed.")
    zone = zone_named(reader.timezone) if reader else rule(now).policy.zone
    with reading(reader.language if reader else chat.language, zone):
        content = msgspec.json.encode(body(_said(message), _("Open in Assay")))
    try:
        headers = {"Content-Type": "application/json", "User-Agent": AGENT}
        return outcome(post(unseal(chat.url), headers, content, private=settings.webhook_private), now)
    except (NotReached, Refused) as error:
        return Outcome(Result.FAILED, str(error))


def _said(message: OutboxMessage) -> Said:
    if message.type == HELLO:
        return Said(_("Assay writes here from now on."), links().to("home"))
    return said(message)


def outcome(answer: Answer, now: datetime) -> Outcome:
    """What an answer means: 2xx is delivered; that it is not there, or takes no such message, is final."""
    status = answer.status
    if 200 <= status < 300:
        return Outcome(Result.DELIVERED, "", status, answer.text)
    if status in NO_SUCH:
        why = f"It answered {status}: the chat is not there any more. Make a new webhook in it, and give its address."
        return Outcome(Result.GONE, why, status, answer.text)
    if 400 <= status < 500 and status not in BUSY:
        why = f"It answered {status}: it does not take messages from here."
        return Outcome(Result.REFUSED, why, status, answer.text)
    wait = retry_after(answer.headers.get("retry-after", ""), now) if status in BUSY else None
    return Outcome(Result.FAILED, f"It answered {status}.", status, answer.text, wait)
