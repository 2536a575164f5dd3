"""How a report of what was learned is printed."""

from collections.abc import Callable, Mapping
from typing import Any

from assay.cli.output import paragraph, say, table
from assay.domain.chances import Reason, calibration, verdict

Label = Callable[[str], str]
"""What a column is called."""


def show_report(report: Mapping[str, Any], label: Label) -> None:
    """The verdict, the figures of each way on the newest fifth, calibration, what it goes by, suspicious columns."""
    paragraph(verdict(report))
    if report["best"]:
        _show_ways(report)
        _show_calibration(report)
    if report["goes_by"]:
        say("\nWhat it goes by, as odds beside an average lead\n")
        table([">Odds", "~", ">Leads"], [_reason(line, label) for line in report["goes_by"]])
    if report["leaks"]:
        say("\nColumns that may have been filled in after the outcome\n")
        table(["Column", "Used", "~Why"], [_leak(line, report["used"]) for line in report["leaks"]])


def _show_ways(report: Mapping[str, Any]) -> None:
    best = report["best"]
    say(f"\nOn the newest {best['rows']:,}, {best['won']:,} of them won, after learning from the others\n")
    columns = ["Way", ">AUC", ">Average precision", ">Log loss", ">Lift at 10 %", ">Calibration error"]
    ways = [*report["ways"].items()]
    if len(report["chosen"]) > 1:
        ways.append(("these together", best))
    rows = []
    for name, figures in ways:
        mark = " *" if name in report["chosen"] else ""
        numbers = [f"{figures[key]:.3f}" for key in ("auc", "precision", "loss")]
        rows.append([f"{name}{mark}", *numbers, f"{figures['lift']:.1f} x", f"{figures['error'] * 100:.1f} %"])
    table(columns, rows)
    paragraph(
        f"* chosen by how they did on older outcomes. Log loss without any prediction: {best['base_loss']:.3f}. "
        f"AUC above {best['auc_low']:.2f} with 95 % probability."
    )


def _show_calibration(report: Mapping[str, Any]) -> None:
    say(f"\nCalibration: {calibration(report)}\n")
    groups = report["best"]["calibration"]
    rows = [
        [f"{group['chance'] * 100:.1f} %", f"{group['won'] / group['rows'] * 100:.1f} %", group["rows"]]
        for group in groups
    ]
    table([">Predicted", ">Won", ">Leads"], rows)


def _reason(line: Mapping[str, Any], label: Label) -> list[str | int]:
    reason = Reason.of(line)
    odds = f"× {reason.factor:.1f}" if reason.factor >= 1 else f"÷ {1 / reason.factor:.1f}"
    return [odds, f"{label(reason.column)}: {reason.group}", line["rows"]]


def _leak(line: Mapping[str, Any], used: list[str]) -> list[str]:
    return [line["column"], "yes" if line["column"] in used else "no", line["why"]]
