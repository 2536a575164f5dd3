"""The Slack channel: https://api.slack.com/messaging/webhooks, with blocks and the text that stands for them."""

from datetime import datetime

from assay.domain.delivery import Outcome
from assay.records.models import OutboxMessage
from assay.work import chat
from assay.work.chat import Body
from assay.work.telling import Said

LONGEST = 3_000
"""Characters that a block's text may have."""

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What Slack asks for, and what keeps a name from calling everybody in the channel."""


def deliver(message: OutboxMessage, now: datetime) -> Outcome:
    """Post a message to Slack."""
    return chat.deliver(message, now, body)


def body(said: Said, label: str) -> Body:
    """The message; a link is text of its own, because a button would ask for a server of ours to answer to."""
    text = said.text[:LONGEST]
    blocks: list[Body] = [{"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}]
    if said.link:
        link = f"<{said.link.translate(_ESCAPED)}|{label.translate(_ESCAPED)}>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    return {"text": text.translate(_ESCAPED), "blocks": blocks}
