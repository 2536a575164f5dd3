"""The webhook channel: a message as Standard Webhooks sends it, signed, to an endpoint that wants it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import msgspec
from standardwebhooks import Webhook

from assay.domain import failures
from assay.domain.delivery import Outcome, Result
from assay.domain.errors import Refused
from assay.domain.events import VERSION
from assay.domain.phrase import Phrase
from assay.records.models import OutboxMessage, WebhookEndpoint
from assay.records.sealing import unseal
from assay.settings import current as settings
from assay.work.calling import Answer, NotReached, post

AGENT = f"Assay/{version('assay')}"

BUSY = frozenset({429, 502, 503, 504})
"""Answers of one that has too much to do: when it says for how long, it gets nothing meanwhile."""


def deliver(message: OutboxMessage, now: datetime) -> Outcome:
    """Post a message to its endpoint."""
    endpoint = WebhookEndpoint.objects.filter(pk=int(message.destination)).first()
    if endpoint is None:
        return Outcome(Result.REFUSED, failures.REMOVED)
    if endpoint.disabled_at is not None:
        return Outcome(Result.REFUSED, failures.DISABLED)
    body = content(message)
    try:
        headers = signed(endpoint, f"msg_{message.event_id.hex}", now, body)
        return outcome(post(endpoint.url, headers, body, private=settings.webhook_private), now)
    except (NotReached, Refused) as error:
        return Outcome(Result.FAILED, str(error))


def content(message: OutboxMessage) -> bytes:
    """What is sent: the same, to the byte, with every attempt."""
    said = {
        "type": message.type,
        "timestamp": message.created_at.isoformat().replace("+00:00", "Z"),
        "version": VERSION,
        "data": message.payload,
    }
    return msgspec.json.encode(said)


def signed(endpoint: WebhookEndpoint, message_id: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """The headers: a signature with the secret, and with the previous one while that still holds."""
    sealed = [endpoint.secret]
    if endpoint.previous_until is not None and now < endpoint.previous_until:
        sealed.append(endpoint.previous_secret)
    signatures = [Webhook(unseal(secret)).sign(message_id, now, body.decode()) for secret in sealed]
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def outcome(answer: Answer, now: datetime) -> Outcome:
    """What an answer means: 2xx is delivered, 410 ends it, anything else is tried again."""
    status = answer.status
    if 200 <= status < 300:
        return Outcome(Result.DELIVERED, "", status, answer.text)
    if status == 410:
        return Outcome(Result.GONE, failures.GONE, status, answer.text)
    said = Phrase(failures.REDIRECTS if 300 <= status < 400 else failures.ANSWERED, status=status)
    wait = retry_after(answer.headers.get("retry-after", ""), now) if status in BUSY else None
    return Outcome(Result.FAILED, said, status, answer.text, wait)


def retry_after(text: str, now: datetime) -> timedelta | None:
    """For how long a Retry-After header, which has seconds or a date, asks to be left alone; None where it does not."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(until - now, timedelta()) if until.tzinfo else None
