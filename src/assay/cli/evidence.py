"""`assay evidence`: which criteria and signals earn their points."""

from dataclasses import asdict
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.database import with_database
from assay.cli.funnel import days_of, midnight
from assay.cli.options import Json, Now
from assay.cli.output import Cell, paragraph, say, show_json, table
from assay.domain.evidence import Comparison, Evidence, Line, Share
from assay.domain.parts import points_text
from assay.records.evidence import Promoted, evidence_for


@with_database
def evidence(
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Promoted on this day or later.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Promoted on this day or earlier.")] = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Show how leads with and without each criterion and signal fared: accepted by sales, and won.

    A lead counts by its score as it stood when it was promoted. A lift of 2 means twice as often; it lies in the range
    with 80 % probability. Under 30 leads on a side nothing is claimed.

    \b
    Examples:
      assay evidence
      assay evidence --from 2026-07-01 --to 2026-09-30 --json
    """
    at = moment_or_now(now)
    policy = rule_at(at).policy
    first, after = days_of(None, from_, to)
    found = evidence_for(policy, Promoted(at, midnight(first, policy), midnight(after, policy)))
    if json:
        show_json(evidence_object(found))
    else:
        show_evidence(found)


def show_evidence(found: Evidence) -> None:
    """Print a line for each criterion and kind."""
    say(
        f"{found.decided:,} promotions decided, {found.accepted:,} accepted; "
        f"{found.ended:,} of those ended, {found.won:,} won. As their scores stood when they were promoted.\n"
    )
    for axis, title in (("fit", "FIT"), ("intent", "INTENT")):
        say(f"{title}\n")
        columns = [">Points", "~Name", ">With", ">Without", ">Accepted", ">Lift", ">Won", ">Lift", "~Returned for"]
        table(columns, [_row(line) for line in found.lines if line.axis == axis])
        say()
    paragraph("Accepted and won: with it against without it. ? means too few to tell yet; = no difference seen.")


def _row(line: Line) -> list[Cell]:
    counts = line.accepted.having.leads, line.accepted.lacking.leads
    most = line.reasons[0] if line.reasons and line.reasons[0].having else None
    returned = f"{most.code} ({most.having})" if most else ""
    return [points_text(line.points), line.label, *counts, *_compared(line.accepted), *_compared(line.won), returned]


def _compared(found: Comparison) -> tuple[str, str]:
    return f"{_rate(found.having)} : {_rate(found.lacking)}", _lift(found)


def _rate(share: Share) -> str:
    return "-" if share.rate is None else f"{share.rate * 100:.0f} %"


def _lift(found: Comparison) -> str:
    if found.lift is None or found.says == "cannot tell yet":
        return "?"
    mark = " =" if found.says == "no difference seen" else ""
    return f"{found.low:.1f}-{found.high:.1f}{mark}"


def evidence_object(found: Evidence) -> dict[str, object]:
    """The evidence for programs."""
    totals = {name: getattr(found, name) for name in ("decided", "accepted", "ended", "won", "explored")}
    return totals | {"lines": [_line_object(line) for line in found.lines]}


def _line_object(line: Line) -> dict[str, object]:
    said = asdict(line) | {"accepted": _comparison_object(line.accepted), "won": _comparison_object(line.won)}
    return said | {"reasons": [reason._asdict() for reason in line.reasons]}


def _comparison_object(found: Comparison) -> dict[str, object]:
    sides = {"with": found.having, "without": found.lacking}
    shares = {name: {"leads": side.leads, "size": side.size, "rate": side.rate} for name, side in sides.items()}
    return shares | {"lift": found.lift, "low": found.low, "high": found.high, "says": str(found.says)}
