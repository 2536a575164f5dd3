"""The ways out: which function delivers the messages of which channel."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from assay.domain.delivery import Channel, Outcome
from assay.records.models import OutboxMessage
from assay.work import email, slack, teams, webhook

Deliver: TypeAlias = Callable[[OutboxMessage, datetime], Outcome]
"""Tries once to deliver a message, at a time, and says what came of it; it writes nothing and repeats nothing."""

CHANNELS: Mapping[Channel, Deliver] = {
    Channel.WEBHOOK: webhook.deliver,
    Channel.EMAIL: email.deliver,
    Channel.SLACK: slack.deliver,
    Channel.TEAMS: teams.deliver,
}
"""One file of `work` a channel. Messages of a channel that does not stand here wait."""
