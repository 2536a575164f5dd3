"""The predicted win of one lead, for people and for programs."""

from collections.abc import Sequence

from assay.cli.output import paragraph, say
from assay.domain.chances import LEAST, Reason, Report
from assay.domain.features import label_of
from assay.domain.policy import Policy
from assay.records.learned import newest
from assay.records.models import Lead, LearnedModel, Prediction
from assay.records.promoted import OPEN_RUNGS


def show_predicted(lead: Lead, policy: Policy) -> None:
    """Print it below the score, where the lead is open and something was learned."""
    row = newest() if lead.rung in OPEN_RUNGS else None
    if row is None:
        return
    found = _prediction(lead, row)
    if found:
        range_ = f"{found.low * 100:.0f} to {found.high * 100:.0f} %"
        say(f"\nPredicted win {found.chance * 100:.0f} % ({range_}), learned from {row.outcomes:,} outcomes")
        for reason in reasons(found, policy):
            paragraph(f"  {reason}")
    elif row.says == Report.TOO_FEW:
        say(f"\nPredicted win: not enough outcomes yet, {row.outcomes:,} of {LEAST:,}")
    elif row.says == Report.NO_SIGNAL:
        say(f"\nPredicted win: {row.outcomes:,} outcomes show no signal yet")


def predicted_object(lead: Lead) -> dict[str, object] | None:
    """The prediction for programs; None where there is none."""
    row = newest() if lead.rung in OPEN_RUNGS else None
    found = _prediction(lead, row) if row else None
    if row is None or found is None:
        return None
    numbers = {name: getattr(found, name) for name in ("chance", "low", "high", "made_at")}
    why = [{**said, "group": str(Reason.of(said).group)} for said in found.reasons]
    return {**numbers, "version": row.version, "outcomes": row.outcomes, "reasons": why}


def _prediction(lead: Lead, row: LearnedModel) -> Prediction | None:
    return Prediction.objects.filter(lead=lead, model=row, pass_no=lead.pass_no).first()


def reasons(found: Prediction, policy: Policy) -> Sequence[str]:
    """Its reasons as sentences."""
    return [Reason.of(said).sentence(lambda name: label_of(name, policy)) for said in found.reasons]
