"""The Teams channel: an Adaptive Card for a workflow's webhook, https://adaptivecards.io/explorer/."""

from datetime import datetime

from assay.domain.delivery import Outcome
from assay.records.models import OutboxMessage
from assay.work import chat
from assay.work.chat import Body
from assay.work.telling import Said

CARD = "application/vnd.microsoft.card.adaptive"


def deliver(message: OutboxMessage, now: datetime) -> Outcome:
    """Post a message to Teams."""
    return chat.deliver(message, now, body)


def body(said: Said, label: str) -> Body:
    """The card. Its text is a run, in which nothing is markup, because a name may look like a link."""
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": said.text,
        "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": said.text}]}],
    }
    if said.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": label, "url": said.link}]
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}
