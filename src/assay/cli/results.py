"""`assay results`: this period against the last, and which differences could be chance."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.clock import day
from assay.cli.database import with_database
from assay.cli.funnel import midnight
from assay.cli.options import Json, Now
from assay.cli.output import say, show_json, table
from assay.domain.errors import BadInput
from assay.domain.results import KINDS, Result
from assay.records.period import Period
from assay.records.results import results as results_of

USUAL = timedelta(days=90)
"""The period where nobody names one."""
DAY = timedelta(days=1)


@with_database
def results(
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day; else 90 days.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day; else today.")] = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Show what a period brought against as many days before it: sales cycle, conversion, cost, return and more.

    Deals count on the day they closed. A difference that comes about by chance alone in one of twenty cases or more
    is said to be one that could be chance.

    \b
    Examples:
      assay results
      assay results --from 2026-10-01 --to 2026-10-31 --json
    """
    at = moment_or_now(now)
    policy = rule_at(at).policy
    last = day(to) if to else at.astimezone(policy.zone).date()
    first = day(from_) if from_ else last - USUAL + DAY
    if first > last:
        raise BadInput("bad_period", f"{first} is after {last}.", "Give the earlier day with --from.")
    after, before = last + DAY, first - (last - first) - DAY
    start, end = midnight(first, policy), midnight(after, policy)
    period, previous = (
        Period(at, policy.zone, start, end),
        Period(at, policy.zone, midnight(before, policy), start),
    )
    found = results_of(period, previous, policy)
    if json:
        about = {"from": first, "to": last, "before_from": before, "before_to": first - DAY, "as_of": at}
        show_json(about | {"results": [asdict(one) | {"chance": one.chance} for one in found]})
        return
    say(f"From {first} to {last} against {before} to {first - DAY}\n")
    table(["", ">Now", ">Before", "", ""], [_row(one) for one in found])


def _row(one: Result) -> list[str]:
    p = "" if one.p is None else f"p = {one.p:.2f}" if one.p >= 0.01 else "p < 0.01"
    return [KINDS[one.name].title, _told(one.now, one.unit), _told(one.before, one.unit), one.told, p]


def _told(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "share":
        return f"{value * 100:.1f} %"
    return f"{value:,.1f} {unit}" if unit in ("days", "times") else f"{value:,.0f} {unit}"
