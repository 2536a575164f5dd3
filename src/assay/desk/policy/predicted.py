"""What outcomes predict: how good it is, what it goes by, and whether it still holds."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assay.actions.policies import rule
from assay.desk.access import Right, needs
from assay.desk.pictures.kinds import Calibration
from assay.desk.pictures.showing import Shown, shown
from assay.desk.telling import told
from assay.domain.chances import WAYS, Reason, calibration, verdict
from assay.domain.features import label_of
from assay.domain.policy import Policy
from assay.pictures import Group
from assay.records.learned import newest
from assay.records.models import LearnedModel

LISTED = 20
"""Versions that are listed, the newest."""


@needs(Right.SEE)
def predicted(request: HttpRequest) -> HttpResponse:
    """The report of what was learned last, and the versions before it."""
    now = timezone.now()
    row, current = newest(), rule(now).policy
    context: dict[str, object] = {"learned": None}
    if row:
        context = {
            "learned": row,
            "verdict": told(verdict(row.report)),
            "picture": picture_of(request, row),
            "calibration": told(calibration(row.report) or ""),
            "ways": [_way(name, each, row.report) for name, each in row.report["ways"].items()],
            "best": row.report["best"],
            "together": len(row.report["chosen"]) > 1,
            "goes_by": [_reason(line, current) for line in row.report["goes_by"]],
            "since": since(row, current),
            "versions": LearnedModel.objects.defer("parameters").order_by("-pk")[:LISTED],
        }
    return render(request, "policy/predicted.html", context)


def picture_of(request: HttpRequest, row: LearnedModel) -> Shown | None:
    """Its calibration; None where nothing was judged."""
    best = row.report["best"]
    groups = [Group(each["rows"], each["chance"], each["won"]) for each in best["calibration"]] if best else []
    return shown(request, Calibration(groups)) if groups else None


def since(row: LearnedModel, policy: Policy) -> str:
    """Whether it still holds; nothing where it predicts nothing."""
    from assay.actions.learning import since_then  # numpy, which no other page needs

    found = since_then(timezone.now())
    return told(found.says(lambda name: label_of(name, policy))) if found else ""


def _way(name: str, figures: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    return {**figures, "name": told(WAYS[name]), "chosen": name in report["chosen"]}


def _reason(line: Mapping[str, Any], policy: Policy) -> dict[str, object]:
    reason = Reason.of(line)
    text = f"{label_of(reason.column, policy)}: {told(reason.group)}"
    return {
        "text": text,
        "more": reason.factor >= 1,
        "factor": max(reason.factor, 1 / reason.factor),
        "rows": line["rows"],
    }
