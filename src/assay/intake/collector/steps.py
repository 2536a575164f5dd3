"""What becomes of an event on its way in: a list of named steps. Each adds what it finds, or refuses with a reason."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import msgspec

from assay.actions.receive import Arrival
from assay.domain.contact import email_identity
from assay.domain.identity import IdentityKind
from assay.domain.ip import cut, cut_query, may_hold_address
from assay.domain.kinds import LONGEST_KIND, PAGE_VIEW, SCREEN_VIEW, STATEMENTS, kind_of
from assay.intake.collector.bots import bot_reason
from assay.intake.collector.keys import Key
from assay.intake.collector.messages import NOWHERE, NUL, Context, Event, Id
from assay.intake.collector.refusals import Refused

LONGEST_MESSAGE_ID = 200
LONGEST_ID = 320
LONGEST_URL = 8_000
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=366)
"""How far in the future an event may be dated: what is further ahead comes from a clock gone wrong."""

TYPES = frozenset({"track", "page", "screen", *STATEMENTS})

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Passing:
    """An event on its way, with what the steps have found so far.

    ``raw`` is its JSON, ``agent`` the name of the browser that brought it ("" where a server did).
    """

    event: Event
    raw: bytes
    key: Key
    received_at: datetime
    agent: str = ""
    context: Context = NOWHERE
    sent_at: str | None = None
    ids: dict[str, str] = field(default_factory=dict)
    who: tuple[str, str] = ("", "")
    kind: str = ""
    at: datetime = OLDEST
    url: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    bot_reason: str = ""
    message_id: str = ""


def arrival(passing: Passing) -> Arrival:
    """Take an event through every step. Raises Refused."""
    for step in STEPS:
        step(passing)
    return Arrival(
        passing.message_id,
        *passing.who,
        passing.kind,
        stored_time(passing.at),
        stored_time(passing.received_at),
        passing.url,
        bool(passing.bot_reason),
        passing.bot_reason,
        _encode(passing.properties).decode(),
        passing.key.id,
    )


WHO: Mapping[str, IdentityKind] = {
    "user_id": IdentityKind.USER,
    "email": IdentityKind.EMAIL,
    "visitor_id": IdentityKind.VISITOR,
}
"""What an event may hang on, the surest first."""


def stored_time(moment: datetime) -> str:
    """A time as both databases read it, in UTC."""
    if moment.tzinfo is UTC:  # nearly all are
        return moment.isoformat(" ").removesuffix("+00:00")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


# --- Steps ---------------------------------------------------------------------------------------


def find_context(passing: Passing) -> None:
    """Its own context, else that of its batch."""
    passing.context = passing.event.context or passing.context


def ask_consent(passing: Passing) -> None:
    """Nothing is kept of somebody who has said no."""
    consent = passing.context.consent
    said = consent.category_preferences if consent else None
    if said and not any(said.values()):
        raise Refused("no_consent", "The person agreed to no category: send nothing of them.")


def check_text(passing: Passing) -> None:
    """No database keeps the character NUL."""
    if b"\\u0000" in passing.raw and NUL.search(passing.raw):
        raise Refused("bad_text", "The event holds the character NUL (\\u0000): leave it out.")


def check_type(passing: Passing) -> None:
    """One of the calls there are."""
    if passing.event.type not in TYPES:
        raise Refused("wrong_type", f'The type is "{passing.event.type}": it has to be {", ".join(sorted(TYPES))}.')


def find_ids(passing: Passing) -> None:
    """Every id it names; a user id that is an address is the address."""
    event, ids = passing.event, passing.ids
    user = _id("userId", event.user_id)
    email = _email(passing)
    if user and "@" in user and (key := email_identity(user)):
        user, email = None, email or key
    found = (
        ("user_id", user),
        ("email", email),
        ("visitor_id", _id("anonymousId", event.anonymous_id)),
        ("group_id", _id("groupId", event.group_id)),
        ("previous_id", _id("previousId", event.previous_id)),
    )
    ids.update([(name, value) for name, value in found if value])
    for name, kind in WHO.items():
        if name in ids:
            passing.who = kind, ids[name]
            break
    else:
        raise Refused("no_who", "The event does not say who it was: give a userId or an anonymousId.")
    if event.type == "group" and "group_id" not in ids:
        raise Refused("no_name", "A group call needs a groupId.")
    if event.type == "alias" and not ("previous_id" in ids and (user or email)):
        raise Refused("no_name", "An alias call needs a previousId and a userId.")


def _id(name: str, value: Id) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    if len(text) > LONGEST_ID:
        raise Refused("too_long", f"The {name} is over {LONGEST_ID} characters long: shorten it.")
    return cut(text) or None


def _email(passing: Passing) -> str | None:
    """The address in the traits; one that is no address is refused only where the call is about who somebody is."""
    # The traits of a group are the company's.
    own = passing.event.traits if passing.event.type != "group" else None
    said = (own or {}).get("email") or (passing.context.traits or {}).get("email")
    key = email_identity(said) if isinstance(said, str) else None
    if said and key is None and passing.event.type == "identify":
        raise Refused("bad_email", f'The email "{str(said)[:80]}" is not an address: correct it or leave it out.')
    return key


def find_page(passing: Passing) -> None:
    """The address of the page."""
    page, said = passing.context.page, passing.event.properties or {}
    url = said.get("url") or (page.url if page else None) or ""
    if not isinstance(url, str) or len(url) > LONGEST_URL:
        raise Refused("too_long", f"The url has to be text of at most {LONGEST_URL} characters.")
    passing.url = url


def name_kind(passing: Passing) -> None:
    """The kind of signal: of a page by the key's rules, of a track call by its name."""
    event = passing.event
    match event.type:
        case "track":
            name = (event.event or "").strip()
            if not name:
                raise Refused("no_name", "A track call needs the name of the event.")
            passing.kind = passing.key.events.get(name.casefold()) or kind_of(name)
        case "page":
            passing.kind = passing.key.kind_of_page(_path(passing)) or PAGE_VIEW
        case "screen":
            passing.kind = SCREEN_VIEW
        case statement:
            passing.kind = statement or ""
    if passing.kind in STATEMENTS and event.type not in STATEMENTS:
        passing.kind += "_event"  # an event may be called "Identify", and says no more of who somebody is for that
    if len(passing.kind) > LONGEST_KIND:
        raise Refused("too_long", f"The name of the event is over {LONGEST_KIND} characters long: shorten it.")


def _path(passing: Passing) -> str:
    page, said = passing.context.page, (passing.event.properties or {}).get("path")
    if isinstance(said, str):
        return said
    if page and page.path:
        return page.path
    try:
        return urlsplit(passing.url).path or "/"
    except ValueError:
        return "/"


def find_time(passing: Passing) -> None:
    """When it happened, by our clock: the sender's may go wrong, and says itself what time it is."""
    event = passing.event
    passing.at = passing.received_at
    if event.original_timestamp or event.timestamp:
        passing.at = _moment(event.original_timestamp or event.timestamp or "")
        if sent := event.sent_at or passing.sent_at:
            passing.at = _shifted(passing.at, passing.received_at - _moment(sent))
    if not OLDEST <= passing.at <= passing.received_at + AHEAD:
        raise Refused("bad_time", f"The event is dated {passing.at:%Y-%m-%d}: correct its timestamp.")


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        raise Refused("bad_time", "The timestamp and sentAt lie too far apart: correct them.") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Refused("bad_time", f'The time "{text[:40]}" is not ISO 8601, such as 2026-10-05T14:30:00Z.') from None


def keep_properties(passing: Passing) -> None:
    """What it tells beside: of a statement its ids and traits, of behaviour its properties and where it came from."""
    event, context = passing.event, passing.context
    if event.type in STATEMENTS:
        traits = {**(context.traits or {}), **(event.traits or {})}
        passing.properties = {"ids": passing.ids, "traits": traits}
    else:
        passing.properties = dict(event.properties or {})
        if event.type == "track":
            passing.properties.setdefault("event", event.event)
        elif event.name:
            passing.properties.setdefault("name", event.name)
    if context.campaign:
        utm = msgspec.structs.asdict(context.campaign)
        passing.properties |= {f"utm_{UTM.get(part, part)}": text for part, text in utm.items() if text}
    if context.page and context.page.referrer:
        passing.properties.setdefault("referrer", context.page.referrer)
    # The page before this one is often one of ours; this is the page before the visit.
    if isinstance(context.referrer, dict) and isinstance(entry := context.referrer.get("url"), str) and entry:
        passing.properties.setdefault("entry_referrer", entry)


def cut_addresses(passing: Passing) -> None:
    """No IP address stays whole, whoever put it there. The sender's own is never looked at."""
    if may_hold_address(passing.raw):
        passing.properties, passing.url = cut(passing.properties), cut_query(passing.url)


def mark_bot(passing: Passing) -> None:
    """Whether a program and no person did it."""
    agent = passing.context.user_agent or passing.agent
    passing.bot_reason = bot_reason(agent[:1_000]) if agent else ""


def name_message(passing: Passing) -> None:
    """Its own id; without one its content is its id, so that sending it again does nothing."""
    given = passing.event.message_id
    if given is not None and len(given) > LONGEST_MESSAGE_ID:
        raise Refused("too_long", f"The messageId is over {LONGEST_MESSAGE_ID} characters long: shorten it.")
    if given and given.strip():
        passing.message_id = given.strip()
    elif passing.event.timestamp or passing.event.original_timestamp:
        passing.message_id = (
            f"http:{blake2b(passing.raw, digest_size=16, key=str(passing.key.id).encode()).hexdigest()}"
        )
    else:
        passing.message_id = f"http:{uuid.uuid4().hex}"


UTM = {"name": "campaign"}
"""Parts of a campaign that addresses call otherwise."""

STEPS: tuple[Callable[[Passing], None], ...] = (
    find_context,
    ask_consent,
    check_text,
    check_type,
    find_ids,
    find_page,
    name_kind,
    find_time,
    keep_properties,
    cut_addresses,
    mark_bot,
    name_message,
)
