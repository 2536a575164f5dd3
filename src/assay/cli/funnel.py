"""`assay funnel`: counts, conversions, and where it leaks."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated, get_args

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.clock import day
from assay.cli.database import with_database
from assay.cli.funnel_lake import counts_in_the_lake
from assay.cli.funnel_views import View, show_funnel, show_segments, show_times
from assay.cli.options import Json, Now, Plot
from assay.cli.output import say, show_json
from assay.cli.plotting import plot_to
from assay.domain.errors import BadInput
from assay.domain.policy import Policy
from assay.pictures.funnel import funnel as funnel_picture
from assay.records.funnel import Counts, Period, counts
from assay.records.slices import Dimension
from assay.records.times import times

WHAT = ", ".join(get_args(Dimension)[:-1]) + " or month"
Days = tuple[date | None, date | None]


@with_database
def funnel(  # noqa: PLR0913 - an argument for each option
    by: Annotated[Dimension | None, typer.Option(metavar="WHAT", help=f"One for each {WHAT}.")] = None,
    cohort: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Leads captured in this month.")] = None,
    flow: Annotated[bool, typer.Option("--flow", help="What moved in the period, whenever captured.")] = False,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the period.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the period.")] = None,
    now: Now = None,
    lake: Annotated[bool, typer.Option("--lake", help="Counted from the lake, for a long history.")] = False,
    plot: Plot = None,
    json: Json = False,
) -> None:
    """Show how many came past each step, what share went on, which step leaks most, and how long leads stay in each.

    By cohort, leads captured in the period are followed to today, each once. With --flow, every move made
    in the period counts. Without a period it is about everything. Shares come with the range in which they
    lie with 80 % probability; under 30 leads they are marked few. With --lake the ledger in the lake is counted,
    as it was synced last: all of it or by month, and without the times in each step.

    \b
    Examples:
      assay funnel
      assay funnel --cohort 2026-10 --by source
      assay funnel --flow --from 2026-10-01 --to 2026-10-31 --json
      assay funnel --lake --by month
      assay funnel --plot funnel.svg
    """
    at = moment_or_now(now)
    policy = rule_at(at).policy
    first, last = _days(cohort, flow, from_, to)
    after = last + timedelta(days=1) if last else None
    period = Period(at, policy.zone, midnight(first, policy), midnight(after, policy))
    count = counts_in_the_lake if lake else counts
    segments = [_view(name, steps, policy) for name, steps in count(period, flow=flow, by=by).items()] if by else []
    whole = _view("", count(period, flow=flow)[""], policy)
    segments.sort(key=lambda view: (0 if by == "month" else -(view.counts["lead"] or 0), view.name))
    stays = None if lake else times(period, accept_is_sql=policy.gate.accept_is_sql, flow=flow)
    if plot:
        plot_to(plot, funnel_picture(whole.funnel))
    if json:
        about = {"view": "flow" if flow else "cohort", "from": first, "to": last, "as_of": at}
        more = {"segments": [{"by": by, "name": view.name or None} | view.as_json() for view in segments]} if by else {}
        waits = {} if stays is None else {"times": [asdict(time) for time in stays]}
        show_json(whole.as_json() | waits | about | more)
        return
    say(f"{'Moves' if flow else 'Leads captured'} {_spoken(first, last)}\n")
    show_funnel(whole)
    show_times(stays or [])
    if by and segments:
        say()
        show_segments(by, segments)


def _view(name: str, steps: Counts, policy: Policy) -> View:
    return View.of(name, steps, accept_is_sql=policy.gate.accept_is_sql)


def _days(cohort: str | None, flow: bool, first: str | None, last: str | None) -> Days:
    """The first and last day of the period. Raises BadInput."""
    if cohort:
        if flow or first or last:
            raise BadInput("bad_usage", "--cohort goes without --flow, --from and --to.", "Use one or the other.")
        return _month(cohort)
    days = day(first) if first else None, day(last) if last else None
    if days[0] and days[1] and days[0] > days[1]:
        raise BadInput("bad_period", f"{days[0]} is after {days[1]}.", "Give the earlier day with --from.")
    return days


def days_of(cohort: str | None, first: str | None, last: str | None) -> Days:
    """The first day of a period and the one after its last. Raises BadInput."""
    start, end = _days(cohort, False, first, last)
    return start, end + timedelta(days=1) if end else None


def _month(text: str) -> Days:
    try:
        first = datetime.strptime(text.strip(), "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise BadInput("bad_month", f'"{text}" is not a month.', "Write year and month, such as 2026-10.") from None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def midnight(day: date | None, policy: Policy) -> datetime | None:
    """When a day begins, in the policy's time zone."""
    return datetime.combine(day, time.min, policy.zone) if day else None


def _spoken(first: date | None, last: date | None) -> str:
    if first and last:
        return f"from {first} to {last}"
    return f"since {first}" if first else f"until {last}" if last else "so far"
