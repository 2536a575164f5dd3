"""What happened with a lead, each event in one line."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from assay.domain.policy_sections import SignalKind
from assay.records.models import Decision, Edit, Lead, Signal, Touch
from assay.records.timeline import timeline

ALL = 1_000_000_000
"""More than ever happens with one lead."""


class Event(NamedTuple):
    """Something that a lead did, that was done to it, or that was decided about it."""

    at: datetime
    kind: str
    text: str
    by: str


def events_of(lead: Lead, kinds: Mapping[str, SignalKind], most: int | None) -> list[Event]:
    """What happened with a lead, newest first."""
    entries, _ = timeline(lead, most or ALL)
    return [Event(entry.place.at, entry.kind, *_told(entry.row, kinds)) for entry in entries]


def _told(row: Signal | Touch | Edit | Decision, kinds: Mapping[str, SignalKind]) -> tuple[str, str]:
    """The event in words, and who did it."""
    match row:
        case Decision():
            return _decided(row), row.by_name
        case Touch():
            outcome = "reached" if row.reached else "not reached"
            return f"{row.kind}, {outcome}" + (f": {row.note}" if row.note else ""), row.by_name
        case Edit():
            return f"{row.field}: {row.before} corrected to {row.after}", row.by_name
    label = kinds[row.kind].label if row.kind in kinds else row.kind
    marks = f" ({_ROBOTS.get(row.bot_reason, 'a robot')}, weighs nothing)" if row.bot else ""
    return f"{label}{marks} {row.url}".rstrip(), ""


_ROBOTS = {
    "scanner_soon": "a mail scanner: within seconds of the delivery",
    "scanner_burst": "a mail scanner: three links within two seconds",
    "scanner_all": "a mail scanner: every link of the mail",
}


def _decided(row: Decision) -> str:
    why = ": ".join(filter(None, (row.reason, row.text)))
    way = f"{row.from_rung} to {row.to_rung}" if row.from_rung else row.to_rung
    return f"{row.move}: {way}" + (f" ({why})" if why else "")
