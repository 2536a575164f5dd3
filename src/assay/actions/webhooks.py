"""Endpoints of other systems: added, changed, given a new secret, switched off and on, and removed by an admin."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from assay.actions.actors import Actor
from assay.actions.replaying import drop_waiting
from assay.domain import failures
from assay.domain.delivery import Outcome, Result
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.events import EVENTS
from assay.domain.phrase import Phrase
from assay.records.models import OutboxMessage, WebhookEndpoint
from assay.records.sealing import seal
from assay.records.webhooks import ALL, WhyDisabled

SECRET_BYTES = 32
"""Standard Webhooks asks for 24 at least."""
ROTATION = timedelta(hours=24)
"""For so long after a rotation the previous secret signs as well."""
GIVE_UP = timedelta(days=5)
"""An endpoint that took nothing for so long is switched off: then ten attempts of at least one message failed."""
LONGEST_NAME, LONGEST_URL = 200, 2_000

MANAGE = Phrase("manage webhooks")


@transaction.atomic
def add_endpoint(
    url: str, types: Sequence[str], by: Actor, at: datetime, name: str = ""
) -> tuple[WebhookEndpoint, str]:
    """Tell another system of events of these types from now on, "*" for all.

    Returns the endpoint and its secret, which nobody is shown again. Raises BadInput or MoveRefused.
    """
    by.needs_admin(MANAGE)
    secret = new_secret()
    endpoint = WebhookEndpoint(secret=seal(secret), created_at=at, created_by_id=by.user_id)
    _say(endpoint, url, types, name)
    endpoint.save()
    return endpoint, secret


@transaction.atomic
def change_endpoint(number: int, by: Actor, *, url: str, types: Sequence[str], name: str = "") -> WebhookEndpoint:
    """Say anew where an endpoint is and what it wants; what waits for it goes to the new address."""
    endpoint = _held(number, by)
    _say(endpoint, url, types, name)
    endpoint.save(update_fields=["url", "types", "name"])
    return endpoint


@transaction.atomic
def rotate_secret(number: int, by: Actor, at: datetime) -> tuple[WebhookEndpoint, str]:
    """Give an endpoint a new secret; for a day everything is signed with both. Returns it, shown only now."""
    endpoint = _held(number, by)
    secret = new_secret()
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, at + ROTATION
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    return endpoint, secret


@transaction.atomic
def disable_endpoint(number: int, by: Actor, at: datetime) -> WebhookEndpoint:
    """Tell it nothing more; what still waits for it is dead, and can be replayed."""
    endpoint = _held(number, by)
    _switch_off(endpoint, WhyDisabled.BY_HAND, at)
    return endpoint


@transaction.atomic
def enable_endpoint(number: int, by: Actor) -> WebhookEndpoint:
    """Tell it again of what happens from now on; what it missed as dead messages can be replayed."""
    endpoint = _held(number, by)
    endpoint.disabled_at, endpoint.disabled_why, endpoint.failing_since = None, "", None
    endpoint.save(update_fields=["disabled_at", "disabled_why", "failing_since"])
    return endpoint


@transaction.atomic
def remove_endpoint(number: int, by: Actor, at: datetime) -> WebhookEndpoint:
    """Forget an endpoint and its secrets. What was sent to it stays on record for as long as any message does."""
    endpoint = _held(number, by)
    drop_waiting(endpoint, at, failures.REMOVED)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()
    return endpoint


def note_outcome(message: OutboxMessage, outcome: Outcome, at: datetime) -> None:
    """Keep account of an endpoint, within the caller's transaction: who is gone or fails for days is switched off."""
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=int(message.destination), disabled_at=None).first()
    if endpoint is None:
        return
    if outcome.result is Result.GONE:
        _switch_off(endpoint, WhyDisabled.GONE, at)
    elif outcome.result is Result.FAILED and endpoint.failing_since and at - endpoint.failing_since >= GIVE_UP:
        _switch_off(endpoint, WhyDisabled.FAILING, at)
    elif (failing := outcome.result is Result.FAILED) != (endpoint.failing_since is not None):
        endpoint.failing_since = at if failing else None
        endpoint.save(update_fields=["failing_since"])


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def endpoint_named(text: str) -> WebhookEndpoint:
    """An endpoint by its number, name or address. Raises NotFound for none and for several."""
    rows = list(WebhookEndpoint.objects.order_by("pk"))
    found = [row for row in rows if text in (str(row.pk), row.name, row.url)]
    if len(found) != 1:
        said = f'{len(found)} endpoints are called "{text}".' if found else f'There is no endpoint "{text}".'
        raise NotFound("unknown_endpoint", said, "Give its number; list them with: assay webhook list")
    return found[0]


def _held(number: int, by: Actor) -> WebhookEndpoint:
    by.needs_admin(MANAGE)
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=number).first()
    if endpoint is None:
        raise NotFound("unknown_endpoint", Phrase("There is no webhook {number}.", number=str(number)))
    return endpoint


def _switch_off(endpoint: WebhookEndpoint, why: WhyDisabled, at: datetime) -> None:
    if endpoint.disabled_at is not None:
        raise Refused("disabled_already", Phrase("{name} is switched off already.", name=endpoint.name))
    endpoint.disabled_at, endpoint.disabled_why = at, why
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    drop_waiting(endpoint, at, failures.DISABLED)


def _say(endpoint: WebhookEndpoint, url: str, types: Sequence[str], name: str) -> None:
    endpoint.url = web_address(url)
    endpoint.types = _types(types)
    endpoint.name = name.strip() or urlsplit(endpoint.url).netloc[:LONGEST_NAME]
    if len(endpoint.name) > LONGEST_NAME:
        raise BadInput("too_long", Phrase("Names have at most {limit} characters.", limit=LONGEST_NAME))


def _types(said: Sequence[str]) -> list[str]:
    types = list(dict.fromkeys(name.strip() for name in said if name.strip()))
    if not types:
        raise BadInput("no_types", Phrase("Say which events it is told of, at least one."))
    strange = [name for name in types if name not in EVENTS and name != ALL]
    if strange:
        raise BadInput(
            "unknown_type",
            Phrase("There are no events of the type {name}.", name=strange[0]),
            Phrase("The types are: {types}.", types=tuple(EVENTS)),
        )
    return [ALL] if ALL in types else types


def web_address(text: str) -> str:
    """A web address without credentials and fragment, its host in ASCII. Raises BadInput."""
    said = text.strip()
    try:
        parts = urlsplit(said)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise _no_address(said) from None
    bare = not any((parts.username, parts.password, parts.fragment)) and said.isprintable() and " " not in said
    if parts.scheme not in ("http", "https") or not host or not bare or len(said) > LONGEST_URL:
        raise _no_address(said)
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    return parts._replace(netloc=place).geturl()


def _no_address(said: str) -> BadInput:
    return BadInput(
        "bad_url",
        Phrase("“{text}” is no address that events can be sent to.", text=said[:80]),
        Phrase("Write it like https://crm.firm.example/hooks, without a name or password in it."),
    )
