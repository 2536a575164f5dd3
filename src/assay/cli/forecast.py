"""`assay forecast`: what the open pipeline will probably bring."""

from dataclasses import asdict
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.database import with_database
from assay.cli.funnel import days_of, midnight
from assay.cli.funnel_views import NAMES
from assay.cli.options import Json, Now
from assay.cli.output import say, show_json, table
from assay.domain.forecast import Expected, Forecast
from assay.domain.what_if import Estimate
from assay.records.period import Period
from assay.records.pipeline import pipeline


@with_database
def forecast(
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Learn from this day on.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Learn up to this day.")] = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Show how many deals and what revenue will probably come of the leads and deals that are open now.

    How many go on from each rung is learnt from those that came to it before, with --from and --to from those of a
    period, and have left it since. The range holds what will happen with 80 % probability.

    \b
    Examples:
      assay forecast
      assay forecast --from 2026-07-01
    """
    at = moment_or_now(now)
    policy = rule_at(at).policy
    first, after = days_of(None, from_, to)
    period = Period(at, policy.zone, midnight(first, policy), midnight(after, policy))
    found = pipeline(period, accept_is_sql=policy.gate.accept_is_sql)
    if json:
        show_json(asdict(found) | {"as_of": at})
        return
    _show(found)


def _show(found: Forecast) -> None:
    columns = ["Rung", ">Open", ">Chance to win", ">80 % range", ">Deals", ">80 % range", ""]
    table(columns, [_row(rung) for rung in found.rungs])
    say(f"\nOf what is open come {_told(found.deals, 1)} deals.")
    for currency, revenue in found.revenue.items():
        say(f"They bring {_told(revenue, 0)} {currency}.")


def _row(rung: Expected) -> list[str]:
    chance = Estimate(*(share * 100 for share in (rung.chance.value or 0.0, rung.chance.low, rung.chance.high)))
    return [
        NAMES[rung.step],
        f"{rung.open:,}",
        f"{chance.value:.0f} %",
        f"{chance.low:.0f} to {chance.high:.0f} %",
        f"{rung.deals.value:,.1f}",
        f"{rung.deals.low:,.0f} to {rung.deals.high:,.0f}",
        "few" if rung.few else "",
    ]


def _told(estimate: Estimate, decimals: int) -> str:
    return f"{estimate.value:,.{decimals}f} ({estimate.low:,.0f} to {estimate.high:,.0f})"
