"""What `assay webhook` shows of endpoints and messages, and sending one at once."""

from collections.abc import Sequence

from assay.actions.delivering import claim, settle
from assay.cli.clock import now
from assay.domain.delivery import Channel, Result
from assay.records.models import OutboxMessage, WebhookEndpoint
from assay.work.channels import CHANNELS
from assay.work.outbox import attempt

WHY = {"by_hand": "disabled", "gone": "disabled: it answered 410 Gone", "failing": "disabled: it failed for days"}


def state_of(row: WebhookEndpoint) -> str:
    """Whether an endpoint is told, in words."""
    if row.disabled_at is not None:
        return f"{WHY[row.disabled_why]} ({row.disabled_at:%Y-%m-%d})"
    return f"failing since {row.failing_since:%Y-%m-%d %H:%M} UTC" if row.failing_since else "told"


def endpoint_object(row: WebhookEndpoint) -> dict[str, object]:
    """An endpoint for programs, without its secret."""
    return {
        "number": row.pk,
        "name": row.name,
        "url": row.url,
        "types": row.types,
        "created_at": row.created_at,
        "failing_since": row.failing_since,
        "disabled_at": row.disabled_at,
        "disabled_why": row.disabled_why or None,
        "previous_secret_until": row.previous_until,
    }


def log_rows(endpoint: WebhookEndpoint | None, *, dead: bool, most: int) -> Sequence[OutboxMessage]:
    """Messages to endpoints, the last first; 0 for all."""
    rows = OutboxMessage.objects.filter(channel=Channel.WEBHOOK).order_by("-pk").prefetch_related("tries")
    if endpoint is not None:
        rows = rows.filter(destination=str(endpoint.pk))
    if dead:
        rows = rows.filter(dead_at__isnull=False)
    return list(rows[:most] if most else rows)


def message_object(row: OutboxMessage) -> dict[str, object]:
    """A message for programs, with every attempt."""
    return {
        "number": row.pk,
        "id": f"msg_{row.event_id.hex}",
        "endpoint": int(row.destination),
        "type": row.type,
        "lead": row.lead_id,
        "state": row.state,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "delivered_at": row.delivered_at,
        "dead_at": row.dead_at,
        "data": row.payload,
        "attempts": [
            {"at": one.at, "result": one.result, "status": one.status, "error": one.error, "answer": one.answer}
            for one in row.tries.all()
        ],
    }


def send_now(number: int) -> str:
    """Send a message that is due, here and at once. Returns what came of it in a sentence."""
    claimed = claim(now(), [Channel.WEBHOOK], 1, only=number)
    if not claimed:
        return f"Message {number} waits for an earlier one, or is on its way: look with assay webhook log."
    [message] = claimed
    outcome = attempt(message, CHANNELS[Channel.WEBHOOK])
    settle(message, outcome, now())
    if outcome.result is Result.DELIVERED:
        return f"Message {number} was delivered: it answered {outcome.status}."
    return f"Message {number} was not delivered. {outcome.said}"
