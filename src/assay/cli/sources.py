"""`assay sources`: what sources and campaigns are worth, and what each is owed of the deals that were won."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.database import with_database
from assay.cli.funnel import days_of, midnight
from assay.cli.options import Json, Now, Plot
from assay.cli.output import Cell, say, show_json, table
from assay.cli.plotting import plot_to
from assay.domain import source_tables as tables
from assay.domain.attribution import MODELS
from assay.domain.errors import BadInput
from assay.domain.shrinkage import Share
from assay.domain.sources import Quality, quality
from assay.intake.exports import write_csv
from assay.pictures.sources import of_quality
from assay.pictures.sources import sources as sources_picture
from assay.records.funnel import Period
from assay.records.journeys import journeys
from assay.records.quality import tallies

By = Literal["source", "campaign"]


@with_database
def sources(  # noqa: PLR0913 - an argument for each option
    by: Annotated[By, typer.Option(metavar="WHAT", help="One line for each source or campaign.")] = "source",
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the period.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the period.")] = None,
    attribution: Annotated[
        bool, typer.Option("--attribution", help="Whom won deals are owed to, by five models.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    now: Now = None,
    plot: Plot = None,
    json: Json = False,
) -> None:
    """Show what each source or campaign brought: leads, how many went on, revenue, cost and return.

    Leads captured in the period are followed to today. Shares of few leads are shrunk toward the mean of all;
    ranges hold with 80 % probability. With --attribution, deals won in the period are shared out among the
    sources that touched the people of the company, by five models side by side.

    \b
    Examples:
      assay sources --from 2026-10-01
      assay sources --by campaign --csv > campaigns.csv
      assay sources --attribution
      assay sources --plot sources.svg
    """
    if csv and json:
        raise BadInput("bad_usage", "--csv goes without --json.", "Use one or the other.")
    if plot and attribution:
        raise BadInput("bad_usage", "--plot goes without --attribution.", "Leave one of them out.")
    at = moment_or_now(now)
    policy = rule_at(at).policy
    first, after = days_of(None, from_, to)
    period = Period(at, policy.zone, midnight(first, policy), midnight(after, policy))
    about: dict[str, object] = {
        "by": by,
        "from": first,
        "to": after - timedelta(days=1) if after else None,
        "as_of": at,
    }
    if attribution:
        owed = tables.side_by_side(journeys(period, by))
        rows = tables.attribution_rows(owed, policy.currency)
        if csv or json:
            _for_programs(tables.ATTRIBUTION, rows, about, as_json=json)
        else:
            _show_attribution(owed, policy.currency)
        return
    found = quality(tallies(period, by), policy.currency)
    if plot:
        _plot(plot, found)
    if csv or json:
        _for_programs(tables.QUALITY, tables.quality_rows(found, policy.currency), about, as_json=json)
    else:
        _show_quality(found, policy.currency)


def _plot(path: Path, found: Sequence[Quality]) -> None:
    if not (drawn := of_quality(found)):
        raise BadInput("nothing_to_plot", "Nobody came from anywhere in this time.", "Choose a longer period.")
    plot_to(path, sources_picture(drawn))


def _for_programs(
    columns: Sequence[str], rows: list[list[tables.Value]], about: dict[str, object], *, as_json: bool
) -> None:
    if as_json:
        show_json(about | {"rows": [dict(zip(columns, row, strict=True)) for row in rows]})
    else:
        write_csv(sys.stdout, columns, rows)


def _show_quality(found: Sequence[Quality], currency: str) -> None:
    if not found:
        say("Nothing came from anywhere in this time.")
        return
    columns = ["~Source", ">Visitors", ">Leads", ">MQL", ">Accepted", ">Won", ">Revenue", ">Cost", ">A deal", ">Return"]
    table(columns, [_line(row, currency) for row in found])
    say(f"\nAmounts in {currency}. Shares as they are to be expected: few leads are held to be more like the others.")
    other = sorted({code for row in found for code in {**row.tally.revenue, **row.tally.cost}} - {currency})
    if other:
        say(f"Amounts in {', '.join(other)} are not among them, as there is no rate of exchange here.")


def _line(row: Quality, currency: str) -> list[Cell]:
    tally, back = row.tally, row.returned
    shares = [_share(share) for share in (row.mql, row.accepted, row.won)]
    money = [_money(tally.revenue.get(currency)), _money(tally.cost.get(currency)), _money(row.cost_per_deal)]
    returned = f"{back.times:.1f}x" if back else ""
    if back and back.low is not None:
        returned += f" ({back.low:.1f} to {back.high:.1f})"
    visitors = "" if tally.visitors is None else f"{tally.visitors:,}"
    return [tally.called, visitors, f"{tally.leads:,}", *shares, *money, returned]


def _share(share: Share) -> str:
    return f"{share.successes:,} ({share.expected * 100:.0f} %)" if share.trials else ""


def _money(amount: Decimal | None) -> str:
    return f"{amount:,.0f}" if amount else ""


def _show_attribution(owed: tables.Credits, currency: str) -> None:
    rows = tables.credited(owed, currency)
    if not rows:
        say("No deal was won in this time.")
        return
    lines: list[list[Cell]] = []
    for source in rows:
        parts = [owed[model].get(source) for model in MODELS]
        told = [f"{one.deals:.1f}  {_money(one.revenue.get(currency)) or 0:>9}" if one else "" for one in parts]
        lines.append([source, *told])
    table(["~Source", *(f">{model.capitalize()}" for model in MODELS)], lines)
    say(f"\nDeals and revenue in {currency} that each model owes to a source; each column adds up to what was won.")
