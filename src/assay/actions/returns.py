"""Several leads returned to marketing in one go: each is a decision of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from assay.actions.actors import Actor
from assay.actions.gate import reject
from assay.domain.errors import MoveRefused, NotFound
from assay.records.models import Decision


@dataclass(slots=True)
class Returned:
    """What became of each: decisions made, and what was refused, by lead."""

    decisions: list[Decision] = field(default_factory=list)
    refused: dict[int, MoveRefused | NotFound] = field(default_factory=dict)


def reject_each(lead_ids: Iterable[int], by: Actor, at: datetime, *, reason: str, text: str = "") -> Returned:
    """Reject leads for one reason. One that somebody else decided meanwhile does not hold up the rest."""
    done = Returned()
    for lead_id in dict.fromkeys(lead_ids):
        try:
            done.decisions.append(reject(lead_id, by, at, reason=reason, text=text))
        except (MoveRefused, NotFound) as error:
            done.refused[lead_id] = error
    return done
