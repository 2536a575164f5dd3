"""What people are told of: every kind, in which words, whom it concerns, and how, until they choose otherwise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from assay.domain.escalation import retold
from assay.domain.phrase import Phrase, Template
from assay.domain.roles import Role

Details: TypeAlias = Mapping[str, Any]
"""What a notification is made of beside its lead, as JSON; it names nobody but colleagues."""


class Way(StrEnum):
    """How somebody hears of something: on the pages, by mail, or in their chat (Slack or Teams)."""

    DESK = "desk"
    EMAIL = "email"
    CHAT = "chat"


class Kind(StrEnum):
    ASSIGNED = "lead.assigned"
    OFFERED = "lead.offered"
    WAITING = "lead.waiting"
    DUE_SOON = "clock.due_soon"
    BREACHED = "clock.breached"
    CLOSE_DATE = "deal.close_date"
    UNROUTED = "lead.unrouted"
    RETURNED = "lead.returned"
    KEY_WANTED = "policy.key_wanted"


class About(NamedTuple):
    """A kind: what it is called, whom it concerns, whose roles that may be, and how they hear of it by default."""

    title: Template
    audience: Template
    roles: frozenset[Role]
    ways: frozenset[Way]


_SELLERS = frozenset({Role.REP, Role.MANAGER})
_AT_ONCE = frozenset({Way.DESK, Way.EMAIL, Way.CHAT})
_IN_TIME = frozenset({Way.DESK})
"""On the pages, and in the digest while it is not read there."""

KINDS: Mapping[Kind, About] = {
    Kind.ASSIGNED: About(
        Template("A lead becomes mine"),
        Template("Whoever owns the lead, unless they took it themselves."),
        _SELLERS,
        _AT_ONCE,
    ),
    Kind.OFFERED: About(
        Template("A lead is offered to me"),
        Template("Whoever may take the lead before it goes to the next."),
        _SELLERS,
        _AT_ONCE,
    ),
    Kind.WAITING: About(
        Template("A hot lead comes to the gate"),
        Template("Everybody who decides; leads that are not hot stand in the digest."),
        _SELLERS,
        _AT_ONCE,
    ),
    Kind.DUE_SOON: About(
        Template("A clock of mine runs out"),
        Template("The owner of the lead; at the gate whoever it is offered to, else everybody who decides."),
        _SELLERS,
        _AT_ONCE,
    ),
    Kind.BREACHED: About(
        Template("A clock of the team has run out"),
        Template("The managers."),
        frozenset({Role.MANAGER, Role.ADMIN}),
        _AT_ONCE,
    ),
    Kind.CLOSE_DATE: About(
        Template("The close date of my deal has passed"), Template("The owner of the deal."), _SELLERS, _IN_TIME
    ),
    Kind.UNROUTED: About(
        Template("Nobody is available for a lead"),
        Template("The managers."),
        frozenset({Role.MANAGER, Role.ADMIN}),
        _AT_ONCE,
    ),
    Kind.RETURNED: About(
        Template("A lead comes back from sales"),
        Template("Whoever of marketing sent it to the gate; all of marketing where the rule did."),
        frozenset({Role.MARKETER}),
        _IN_TIME,
    ),
    Kind.KEY_WANTED: About(
        Template("A version of the rule waits for my key"),
        Template("Marketing, or the managers of sales, once the other side has signed."),
        frozenset({Role.MARKETER, Role.REP, Role.MANAGER}),
        frozenset({Way.DESK, Way.EMAIL}),
    ),
}
"""Every kind that there is; the pages, mails and chats take their words and defaults from here."""


def kinds_for(role: Role) -> list[Kind]:
    """What somebody of this role may be told of."""
    return [kind for kind, about in KINDS.items() if role in about.roles]


def sentence(kind: Kind, who: str, details: Details) -> Phrase:
    """What is said: ``Nina North waits: the first response is due in 30 min of working time.``

    ``who`` is the lead's person as they are called now, "" where it is about none.
    """
    if "clock" in details:
        return retold(details, who)
    if count := details.get("count"):
        return Phrase("{count} hot leads have come to the gate.", count=count)
    return Phrase(_SENTENCES[kind], **_arguments(kind, who, details))


_SENTENCES: Mapping[Kind, Template] = {
    Kind.ASSIGNED: Template("{who} is yours now, from {by}."),
    Kind.OFFERED: Template("{who} is offered to you until {until}."),
    Kind.WAITING: Template("{who} is hot and waits at the gate."),
    Kind.UNROUTED: Template("{who} waits, and nobody is available for it."),
    Kind.RETURNED: Template("{who} came back from {by}: {reason}"),
    Kind.KEY_WANTED: Template("Version {number} of the rule waits for your key: {by} has signed it."),
}
"""Those of the clocks are said by their steps."""


def _arguments(kind: Kind, who: str, details: Details) -> dict[str, object]:
    said: dict[str, object] = {**details, "who": who}
    if kind is Kind.OFFERED:
        said["until"] = datetime.fromisoformat(details["until"]).astimezone(UTC)
    return said


class Place(StrEnum):
    """The page on which one sees to it."""

    LEAD = "lead"
    INBOX = "inbox"
    POLICY = "policy-version"


def place(lead: int | None, details: Details) -> tuple[Place, int | None]:
    """Where one sees to a notification, and the number of what it is about."""
    if "number" in details:
        return Place.POLICY, int(details["number"])
    return (Place.LEAD, lead) if lead else (Place.INBOX, None)
