"""What was learned as JSON: the report that people and programs get, and what applying it takes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assay.domain.chances import Report
from assay.learning.calibration import Line
from assay.learning.columns import Column
from assay.learning.drift import shares
from assay.learning.figures import Figures
from assay.learning.learn import Learned
from assay.learning.models import Model, model_of
from assay.learning.reasons import general


def report(found: Learned, columns: Sequence[Column]) -> dict[str, Any]:
    """Everything but the model itself."""
    by = general(found.model, found.line.slope, columns) if found.model and found.line else []
    return {
        "outcomes": found.rows,
        "won": found.won,
        "says": str(says(found)),
        "chosen": list(found.chosen),
        "best": _figures(found.best),
        "ways": {name: _figures(each) for name, each in found.figures},
        "used": list(found.used),
        "leaks": [leak._asdict() | {"why": str(leak.why)} for leak in found.leaks],
        "goes_by": [{**reason.as_json(), "rows": rows} for reason, rows in by],
    }


def says(found: Learned) -> Report:
    """What the table allows to be said."""
    if found.best is None:
        return Report.TOO_FEW
    return Report.TELLS if found.model else Report.NO_SIGNAL


def _figures(figures: Figures | None) -> dict[str, Any] | None:
    return None if figures is None else asdict(figures)


def parameters(found: Learned, columns: Sequence[Column]) -> dict[str, Any] | None:
    """What applying it takes, and how its rows were spread; None where there is nothing to apply."""
    if found.model is None or found.line is None:
        return None
    return {"model": found.model.as_json(), "line": asdict(found.line), "shares": shares(found.model, columns)}


def applied(said: dict[str, Any]) -> tuple[Model, Line]:
    """The model and its calibration that these parameters say."""
    return model_of(said["model"]), Line(**said["line"])
