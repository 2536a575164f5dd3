"""Why a lead stands where it stands: the stored parts of its score, told in the order people ask for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.desk import words
from assay.desk.telling import told_part
from assay.domain.policy import Policy
from assay.records.models import Lead, Score

Part = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Why:
    """The parts of a stored score by axis, what found no match apart, and what nobody knows by name."""

    fit: Sequence[Part]
    intent: Sequence[Part]
    rest: Sequence[Part]
    missing: Sequence[str]
    policy: int
    as_of: datetime


def why(lead: Lead, policy: Policy) -> Why | None:
    """The explanation of a lead's score in the reader's language; None where there is none. Needs ``score`` loaded."""
    score: Score | None = getattr(lead, "score", None)
    if score is None:
        return None
    parts = [told_part(part, policy) for part in score.parts]
    return Why(
        fit=[part for part in parts if part["axis"] == "fit" and not _found_nothing(part)],
        intent=[part for part in parts if part["axis"] == "intent"],
        rest=[part for part in parts if _found_nothing(part)],
        missing=words.facts(score.missing),
        policy=score.policy_id,
        as_of=score.as_of,
    )


def _found_nothing(part: Part) -> bool:
    return part["verdict"] in ("miss", "unknown")
