"""The predicted win beside the score: what the newest version learned says of this lead. It moves nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.desk.telling import told
from assay.domain.chances import LEAST, Reason, Report
from assay.domain.features import label_of
from assay.domain.policy import Policy
from assay.records.learned import newest
from assay.records.models import Lead, Prediction
from assay.records.promoted import OPEN_RUNGS


class Predicted(NamedTuple):
    """A chance with its range, 0 to 1, from so many outcomes, and why; without a chance, what is in its way."""

    outcomes: int
    least: int
    says: str
    chance: float | None = None
    low: float | None = None
    high: float | None = None
    reasons: Sequence[str] = ()


def predicted(lead: Lead, policy: Policy) -> Predicted | None:
    """What is predicted of an open lead; None where nothing is. One query. Needs ``prediction`` loaded."""
    if lead.rung not in OPEN_RUNGS or (row := newest()) is None:
        return None
    if row.says != Report.TELLS:
        return Predicted(row.outcomes, LEAST, row.says)
    found: Prediction | None = getattr(lead, "prediction", None)
    if found is None or found.model_id != row.pk or found.pass_no != lead.pass_no:
        return None
    reasons = [told(Reason.of(said).sentence(lambda name: label_of(name, policy))) for said in found.reasons]
    return Predicted(row.outcomes, LEAST, row.says, found.chance, found.low, found.high, reasons)
