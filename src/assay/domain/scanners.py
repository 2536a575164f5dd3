"""Mail scanners open a mail and follow its links before anybody reads it. Their clicks look like interest and are none.

The rules look at the clicks and opens of one mail to one person. More of them only ever mark more: whatever order they
come in, the marks are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

CLICK, OPEN = "email_click", "email_open"
MAIL_KINDS = frozenset({CLICK, OPEN})

SOON = timedelta(seconds=10)
"""After its delivery nobody has read a mail yet."""
BURST, BURST_WITHIN = 3, timedelta(seconds=2)
"""So many links nobody clicks in so short a time."""
FEWEST, ALL_WITHIN = 3, timedelta(minutes=10)
"""People do click both links of a short mail; every link of a longer one within minutes is a scanner's way."""


class ScannerReason(StrEnum):
    """Why a click or an open is a scanner's. Of several the first one counts."""

    SOON = "scanner_soon"
    BURST = "scanner_burst"
    ALL = "scanner_all"


class Hit(NamedTuple):
    """A click or an open. ``links`` is how many the mail has; None is not known."""

    id: int
    kind: str
    at: datetime
    mail_id: str
    link: str = ""
    links: int | None = None
    delivered_at: datetime | None = None


def hit_of(number: int, kind: str, at: datetime, properties: Mapping[str, Any]) -> Hit | None:
    """What a signal's properties tell of a mail; None where they name none. What cannot be read is not known."""
    mail_id = str(properties.get("mail_id") or "")
    if kind not in MAIL_KINDS or not mail_id:
        return None
    link = str(properties.get("link") or "")
    return Hit(
        number, kind, at, mail_id, link, _number(properties.get("links")), _moment(properties.get("delivered_at"))
    )


def scanned(hits: Iterable[Hit]) -> dict[int, ScannerReason]:
    """Those of the clicks and opens of one mail to one person that a scanner made, with the reason."""
    ordered = sorted(hits, key=lambda hit: (hit.at, hit.id))
    clicks = [hit for hit in ordered if hit.kind == CLICK and hit.link]
    found: dict[int, ScannerReason] = {}
    # The rule that counts most comes last, and stands.
    if links := _links(ordered):
        found |= dict.fromkeys(_together(clicks, links, ALL_WITHIN), ScannerReason.ALL)
    found |= dict.fromkeys(_together(clicks, BURST, BURST_WITHIN), ScannerReason.BURST)
    return found | dict.fromkeys(_soon(ordered), ScannerReason.SOON)


def _soon(hits: Iterable[Hit]) -> Iterable[int]:
    """A clock that is a little behind makes a click come before the delivery; one far before it is of a wrong date."""
    return (hit.id for hit in hits if hit.delivered_at and -SOON <= hit.at - hit.delivered_at <= SOON)


def _links(hits: Iterable[Hit]) -> int | None:
    """How many links the mail has, None where it has too few to tell.

    Where its hits differ, the fewest, so that a later one takes no mark back.
    """
    return min((hit.links for hit in hits if hit.links and hit.links >= FEWEST), default=None)


def _together(clicks: Sequence[Hit], links: int, within: timedelta) -> Iterable[int]:
    """The clicks that lie with others, on at least so many links in all, within a time. Oldest first."""
    start = 0
    for end, last in enumerate(clicks):
        while last.at - clicks[start].at > within:
            start += 1
        some = clicks[start : end + 1]
        if len({hit.link for hit in some}) >= links:
            yield from (hit.id for hit in some)


def _number(value: object) -> int | None:
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if number > 0 else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
