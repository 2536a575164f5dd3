"""`assay what-if`: what a change to the funnel would bring, and which step is worth mending."""

from dataclasses import asdict
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.database import with_database
from assay.cli.funnel import days_of, midnight
from assay.cli.funnel_views import NAMES, View
from assay.cli.options import Json, Now, Plot
from assay.cli.output import say, show_json, table
from assay.cli.plotting import plot_to
from assay.domain.errors import BadInput
from assay.domain.funnel_words import change as change_words
from assay.domain.what_if import (
    MENDED,
    Change,
    Estimate,
    Lever,
    Outcome,
    levers,
    needed,
    needed_for_revenue,
    parse_change,
)
from assay.domain.what_if import what_if as outcome_of
from assay.domain.worth import Worth
from assay.pictures.picture import Picture
from assay.pictures.what_if import what_if as what_if_picture
from assay.records.funnel import Period, counts
from assay.records.worth import worth

Changes = Annotated[
    list[str] | None,
    typer.Argument(metavar="CHANGE...", show_default=False, help="Such as mql_to_sql=30% or visitors=x2."),
]


@with_database
def what_if(  # noqa: PLR0913 - an argument for each option
    changes: Changes = None,
    deals: Annotated[float | None, typer.Option(metavar="N", help="Leads needed for so many deals.")] = None,
    revenue: Annotated[float | None, typer.Option(metavar="AMOUNT", help="Leads needed for so much revenue.")] = None,
    cohort: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Leads captured in this month.")] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the period.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the period.")] = None,
    now: Now = None,
    plot: Plot = None,
    json: Json = False,
) -> None:
    """Show what a change would bring, beside today; without one, which step is the best lever.

    A conversion takes a new share (30%), a factor (x1.5) or a change (+10%); visitors, leads and the other steps take
    a number or a factor. Several changes count together.

    \b
    Examples:
      assay what-if mql_to_sql=30%
      assay what-if visitors=x2
      assay what-if --deals 10
      assay what-if --revenue 100000
      assay what-if mql_to_sql=30% --plot what-if.png
    """
    wanted = [parse_change(text) for text in changes or ()]
    at = moment_or_now(now)
    policy = rule_at(at).policy
    first, after = days_of(cohort, from_, to)
    period = Period(at, policy.zone, midnight(first, policy), midnight(after, policy))
    view = View.of("", counts(period)[""], accept_is_sql=policy.gate.accept_is_sql)
    each = worth(policy)
    outcome = outcome_of(view.funnel, wanted, each) if wanted else None
    goal = _goal(view, deals, revenue, each)
    best = levers(view.funnel, worth=each)
    if plot:
        plot_to(plot, _picture(wanted, outcome))
    if json:
        show_json(_as_json(outcome, goal[1] if goal else None, best))
        return
    if outcome:
        _show_outcome(outcome)
    if goal:
        say(f"{goal[0]} need {_told(goal[1])} leads, going on as today.")
    if not outcome and not goal:
        _show_levers(best, each)


def _goal(view: View, deals: float | None, revenue: float | None, each: Worth | None) -> tuple[str, Estimate] | None:
    """What is wanted in words, and the leads it needs. Raises BadInput."""
    if deals is not None and revenue is not None:
        raise BadInput("bad_usage", "--deals and --revenue are two questions.", "Ask one of them.")
    if deals is not None:
        return f"{deals:g} deals", needed(view.funnel, deals)
    if revenue is None:
        return None
    if each is None:
        raise BadInput("no_worth", "What a deal brings is not known: none was won yet.", "Ask with --deals.")
    return f"{revenue:,.0f} {each.currency}", needed_for_revenue(view.funnel, revenue, each)


def _picture(wanted: list[Change], outcome: Outcome | None) -> Picture:
    """Today and what would come of the changes. Raises BadInput where there are none."""
    if outcome is None:
        raise BadInput("nothing_to_plot", "There is nothing to draw.", "Name a change, such as mql_to_sql=30%.")
    return what_if_picture([("Today", outcome.today), (", ".join(map(change_words, wanted)), outcome.then)])


def _as_json(outcome: Outcome | None, leads: Estimate | None, best: tuple[Lever, ...]) -> dict[str, object]:
    told: dict[str, object] = asdict(outcome) if outcome else {}
    told = {name: value for name, value in told.items() if name == "times_today" or value not in (None, "")}
    if leads:
        told["leads_needed"] = asdict(leads)
    return told | {"levers": [asdict(lever) for lever in best]}


def _show_outcome(outcome: Outcome) -> None:
    rows = [_row("Today", outcome.today), _row("Then", outcome.then)]
    columns = ["", ">Deals", ">80 % range"]
    if outcome.revenue_today and outcome.revenue_then:
        columns += [f">{outcome.currency}", ">80 % range"]
        rows[0] += _row("", outcome.revenue_today, 0)[1:]
        rows[1] += _row("", outcome.revenue_then, 0)[1:]
    table(columns, rows)
    if outcome.times_today is not None:
        say(f"\nThat is {outcome.times_today:.1f} times today's deals.")
    else:
        say("\nThere is no deal yet to compare with; the ranges say what may be expected.")


def _row(name: str, estimate: Estimate, decimals: int = 1) -> list[str]:
    value = "" if estimate.value is None else f"{estimate.value:,.{decimals}f}"
    return [name, value, f"{estimate.low:,.{decimals}f} to {estimate.high:,.{decimals}f}"]


def _show_levers(best: tuple[Lever, ...], each: Worth | None) -> None:
    say(f"If each step kept {MENDED:.0%} of those it loses today\n")
    money = [f">Adds {each.currency}", ">80 % range"] if each else []
    rows = [
        [
            _named(lever.step),
            _times(lever.times_today),
            *(_row("", lever.revenue, 0)[1:] if lever.revenue else []),
            f"{lever.probability * 100:.0f} %",
        ]
        for lever in best
    ]
    table(["Step", ">Deals", *money, ">Best lever"], rows)


def _named(step: str) -> str:
    start, _, end = step.partition("_to_")
    return f"{NAMES[start]} to {NAMES[end]}"


def _times(times: float | None) -> str:
    return "" if times is None else f"x {times:.2f}"


def _told(estimate: Estimate) -> str:
    spread = f"{estimate.low:,.0f} to {estimate.high:,.0f}"
    return spread if estimate.value is None else f"{estimate.value:,.0f} ({spread})"
