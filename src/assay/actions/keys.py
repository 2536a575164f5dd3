"""Write keys: what a website or product sends its events with."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from assay.actions.sources import Sources
from assay.domain.errors import BadInput, NotFound, Refused
from assay.domain.phrase import Phrase
from assay.domain.write_keys import FASTEST, MOST_ORIGINS, MOST_RULES, Rule
from assay.records.models import WriteKey

KEY_BYTES = 16
LONGEST_NAME = 200


@transaction.atomic
def add_key(  # noqa: PLR0913 - an argument for each field
    name: str,
    source: str,
    at: datetime,
    *,
    campaign: str = "",
    rules: Sequence[Rule] = (),
    origins: Sequence[str] = (),
    rate: int = 0,
    source_of_visit: bool = False,
    text: str = "",
) -> WriteKey:
    """Make a write key. Leads it brings are of this source; with ``source_of_visit``, of the one their visit tells.

    Raises BadInput for what makes no sense.
    ``text`` is the key itself, where something that was written before knows it already.
    """
    key = WriteKey(key=text or secrets.token_hex(KEY_BYTES), created_at=at, source_of_visit=source_of_visit)
    _say(key, name, source, campaign, rules, origins, rate)
    key.save()
    return key


@transaction.atomic
def change_key(  # noqa: PLR0913 - an argument for each field
    key_id: int,
    *,
    name: str,
    source: str,
    campaign: str,
    rules: Sequence[Rule],
    origins: Sequence[str],
    rate: int,
    source_of_visit: bool,
) -> WriteKey:
    """Say everything about a write key anew. It holds everywhere within seconds, for events that come from then on."""
    key = _held(key_id)
    key.source_of_visit = source_of_visit
    _say(key, name, source, campaign, rules, origins, rate)
    key.save()
    return key


@transaction.atomic
def revoke_key(key_id: int, at: datetime) -> WriteKey:
    """Take no more events with a key. What came in with it stays. Raises Refused where that was done before."""
    key = _held(key_id)
    if key.revoked_at:
        said = Phrase("{name} was revoked at {at}.", name=key.name, at=key.revoked_at)
        raise Refused("revoked_already", said, Phrase("Nothing was changed."))
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    return key


def _held(key_id: int) -> WriteKey:
    key = WriteKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotFound("unknown_key", Phrase("There is no write key {key}.", key=str(key_id)))
    return key


def _say(
    key: WriteKey, name: str, source: str, campaign: str, rules: Sequence[Rule], origins: Sequence[str], rate: int
) -> None:
    for text in (name, source):
        if not text.strip():
            raise BadInput("no_name", Phrase("A write key needs a name, and a source for the leads it brings."))
    if max(map(len, (name, source, campaign))) > LONGEST_NAME:
        raise BadInput("too_long", Phrase("Names have at most {limit} characters.", limit=LONGEST_NAME))
    if len(rules) > MOST_RULES or len(origins) > MOST_ORIGINS:
        said = Phrase("A write key has at most {limit} rules, and half as many websites.", limit=MOST_RULES)
        raise BadInput("too_many", said)
    if not 0 <= rate <= FASTEST:
        raise BadInput(
            "bad_rate",
            Phrase("The rate is a number of events a second, at most {limit}; 0 is no limit.", limit=FASTEST),
        )
    names = Sources()
    key.name, key.rules, key.origins, key.rate = name.strip(), list(rules), list(dict.fromkeys(origins)), rate
    key.source_id = names.source(source)
    key.campaign_id = names.campaign(source, campaign)
