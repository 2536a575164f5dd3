"""An event of the quarantine on its way in once more, through the same steps as any other."""

from datetime import datetime

import msgspec

from assay.actions.receive import Arrival, Rejected
from assay.actions.replay import Again
from assay.intake.collector.keys import ready
from assay.intake.collector.messages import read_event
from assay.intake.collector.refusals import Refused
from assay.intake.collector.steps import Passing, arrival, stored_time
from assay.records.models import Quarantine


def again(at: datetime) -> Again:
    """What takes a quarantined event through the steps at this time; its write key is loaded.

    It happened when it came, and is on record from now on. That its key was revoked since is no reason to lose it.
    """

    def take(row: Quarantine) -> Arrival | Rejected:
        assert row.key is not None
        if set(row.raw) == {"arrival"}:  # it was set aside when it was whole
            return msgspec.convert(row.raw["arrival"], Arrival)
        received, content = row.received_at or at, _content(row.raw)
        try:
            found = arrival(Passing(read_event(content), content, ready(row.key), received))
        except Refused as error:
            return Rejected(row.key.pk, error.reason, str(error), row.raw, received)
        return msgspec.structs.replace(found, received_at=stored_time(at))

    return take


def _content(raw: object) -> bytes:
    """The event as it was sent; what was no JSON is kept as text."""
    if isinstance(raw, dict) and raw.keys() == {"text"}:
        return str(raw["text"]).encode()
    return msgspec.json.encode(raw)
