"""A version that was learned, and a prediction by it, made by hand as records keep them: so nothing has to learn."""

from datetime import datetime
from typing import Any

from assay.actions.policies import rule
from assay.domain.chances import Report
from assay.records.models import Lead, LearnedModel, Prediction
from tests.people import NOW

FIGURES: dict[str, Any] = {
    "rows": 82,
    "won": 20,
    "auc": 0.81,
    "auc_low": 0.73,
    "precision": 0.6,
    "loss": 0.45,
    "base_loss": 0.56,
    "lift": 2.4,
    "error": 0.031,
    "calibration": [{"rows": 41, "chance": 0.1, "won": 4}, {"rows": 41, "chance": 0.4, "won": 16}],
}
REASON: dict[str, Any] = {
    "column": "source",
    "group": {"template": "{text}", "args": {"text": "Partner"}},
    "factor": 1.84,
}
REPORT: dict[str, Any] = {
    "outcomes": 412,
    "won": 99,
    "says": str(Report.TELLS),
    "chosen": ["scorecard", "gradient boosting"],
    "best": FIGURES,
    "ways": {"scorecard": FIGURES, "naive Bayes": FIGURES, "gradient boosting": FIGURES},
    "used": ["source"],
    "leaks": [],
    "goes_by": [{**REASON, "rows": 120}],
}
CODING = {"name": "source", "edges": [], "texts": ["partner"], "rare": None, "numeric": False, "whole": False}
MEMBER = {"factor": 1.0, "form": "additive", "base": -1.0, "weights": [[0.5, 0.0, 0.0]]}
LINE = {"start": 0.0, "slope": 1.0, "start_variance": 0.01, "slope_variance": 0.01, "covariance": 0.0}
PARAMETERS = {"model": {"codings": [CODING], "members": [MEMBER]}, "line": LINE, "shares": {"source": [200, 0, 212]}}


def a_version(at: datetime = NOW, says: Report = Report.TELLS, outcomes: int = 412) -> LearnedModel:
    """A version; without a word it predicts."""
    report = REPORT | {"says": str(says), "outcomes": outcomes, "won": 99 if outcomes > 99 else 7}
    if says is Report.TOO_FEW:
        report |= {"best": None, "ways": {}, "chosen": [], "goes_by": []}
    return LearnedModel.objects.create(
        trained_at=at,
        policy_id=rule(at).version,
        outcomes=outcomes,
        won=report["won"],
        says=says,
        report=report,
        parameters=PARAMETERS if says is Report.TELLS else None,
    )


def a_prediction(lead: Lead, version: LearnedModel) -> Prediction:
    """12 %, because of the source."""
    return Prediction.objects.create(
        lead=lead,
        model=version,
        pass_no=lead.pass_no,
        made_at=version.trained_at,
        chance=0.12,
        low=0.06,
        high=0.2,
        reasons=[REASON],
    )
