"""`assay policy backtest`: a draft replayed on history."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from assay.cli.acting import moment_or_now, rule_at
from assay.cli.clock import day
from assay.cli.database import with_database
from assay.cli.engines import Engine, Name, SparkUrl, over_the_lake
from assay.cli.options import Json, Now, Plot
from assay.cli.output import Cell, paragraph, say, show_json, table
from assay.cli.plotting import plot_to
from assay.cli.policy_files import policy_of
from assay.domain.audit_cost import time_spent
from assay.domain.backtest import Backtest, Caught, Grounds, Story, Week, backtest
from assay.domain.backtest_words import notes, rows, verdict
from assay.domain.errors import BadInput
from assay.domain.funnel_words import percent
from assay.domain.moved import Crossing, Moved, moved, told
from assay.domain.phrase import Phrase
from assay.domain.policy import Policy
from assay.domain.what_if import Estimate
from assay.pictures.backtest import backtest as backtest_picture
from assay.records.handling import handled
from assay.records.models import Lead

USUAL = timedelta(days=179)
"""How far before its last day a backtest begins, unless it is told."""
LONGEST = 3_660
NAMED = 30
"""Leads that are named of those that cross, each way."""

Named = Annotated[
    str, typer.Argument(metavar="FILE", show_default=False, help="A policy file, or the number of a version.")
]


@with_database
def command(  # noqa: PLR0913 - an argument for each option
    file: Named,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day; else of 180.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day; else yesterday.")] = None,
    engine: Engine = "duckdb",
    spark_url: SparkUrl = None,
    now: Now = None,
    plot: Plot = None,
    json: Json = False,
) -> None:
    """Replay a draft on history: whom it would have sent to the gate and when, against what really happened.

    It knows of each day what was known then. Shares come with the range in which they lie with 80 % probability.

    \b
    Examples:
      assay policy backtest draft.toml
      assay policy backtest 4 --from 2026-07-01 --to 2026-09-30 --plot backtest.svg
      assay policy backtest draft.toml --engine spark --spark-url spark://10.0.0.5:7077
    """
    at, draft = moment_or_now(now), policy_of(file)
    found, crossing = backtested(draft, *_days(draft, at, from_, to), at, engine, spark_url)
    if plot:
        plot_to(plot, backtest_picture(found))
    if json:
        show_json(as_object(found) | {"moved": asdict(crossing)})
    else:
        _show(found)
        say()
        paragraph(Phrase("In force now: {moved}", moved=told(crossing)))


def backtested(
    draft: Policy, first: date, last: date, now: datetime, engine: Name = "duckdb", spark_url: str | None = None
) -> tuple[Backtest, Moved]:
    """What the records say of a draft over these days, and whom it would move now against the rule in force."""
    # Here, because only this needs them, and they take long to load.
    from assay.engine.backtest.period import Period
    from assay.engine.backtest.replay import replay
    from assay.engine.moved import moved as crossing

    period, current = Period(draft, first, last, now), rule_at(now)
    with over_the_lake(engine, spark_url, draft.timezone) as (backend, store):
        found = replay(backend, store, store.manifest(), period)
        rows = crossing(backend, store, store.manifest(), current.policy, draft, now).to_pylist()
    stories = (Story(**row) for row in found.stories.to_pylist())
    whole = replace(backtest(first, last, stories, Grounds(**found.about)), minutes=_minutes(*period.times))
    return whole, moved(now, [Crossing(**row) for row in rows], NAMED, against=current.version)


def _minutes(start: datetime, end: datetime) -> Estimate | None:
    """What a lead at the gate takes of sales' time; None where no contact tells."""
    found = handled(start, end)
    hours = time_spent(found.contacts).hours if found.contacts else None
    if hours is None or hours.value is None or not found.passes:
        return None
    value, low, high = (60 * each / found.passes for each in (hours.value, hours.low, hours.high))
    return Estimate(value, low, high)


def _days(draft: Policy, now: datetime, first: str | None, last: str | None) -> tuple[date, date]:
    """The first and the last day. Raises BadInput."""
    today = now.astimezone(draft.zone).date()
    end = day(last) if last else today - timedelta(days=1)
    start = day(first) if first else _usual_start(draft, end)
    if start > end:
        raise BadInput("bad_period", f"{start} is after {end}.", "Give the earlier day with --from.")
    if end > today:
        raise BadInput("bad_period", f"{end} is not over yet.", "Give a day up to today with --to.")
    if (end - start).days >= LONGEST:
        raise BadInput("bad_period", "That is more than ten years.", "Give a later day with --from.")
    return start, end


def _usual_start(draft: Policy, end: date) -> date:
    """180 days before, or when the first lead came: weeks in which there was nobody would make all others small."""
    came = Lead.objects.order_by("captured_at").values_list("captured_at", flat=True).first()
    since = came.astimezone(draft.zone).date() if came else end
    return max(end - USUAL, min(since, end))


def as_object(found: Backtest) -> dict[str, object]:
    """A backtest for programs."""
    shares = [{"name": str(name), **_share(said)} for name, said in rows(found)]
    weekly = {"real": found.real, "draft": found.draft, "change": asdict(found.change)}
    hours = {"hours": asdict(found.hours) if found.hours else None}
    words = {"says": str(verdict(found)), "notes": list(map(str, notes(found)))}
    return {**words, "a_week": weekly | hours, "shares": shares, **asdict(found)}


def _share(said: Caught) -> dict[str, object]:
    low, high = said.range if said.all else (None, None)
    return {"of": said.all, "count": said.caught, "share": said.share, "low": low, "high": high, "few": said.few}


def _show(found: Backtest) -> None:
    say(f"From {found.first} to {found.last}, {found.days} days\n")
    paragraph(verdict(found))
    if any(week.real or week.draft for week in found.weeks):
        say()
        table(["", ">Of", ">Leads", ">Share", ">80 % range", ""], [_row(name, said) for name, said in rows(found)])
        say()
        table(["Week from", ">Came", ">By the draft"], [_week(week) for week in found.weeks])
    for sentence in notes(found):
        say()
        paragraph(sentence)


def _row(name: str, said: Caught) -> Sequence[Cell]:
    if said.share is None:
        return [name, "0", "", "", "", ""]
    low, high = (str(percent(share)) for share in said.range)
    return [
        name,
        f"{said.all:,}",
        f"{said.caught:,}",
        percent(said.share),
        f"{low} to {high}",
        "few" if said.few else "",
    ]


def _week(week: Week) -> Sequence[Cell]:
    return [f"{week.first}", f"{week.real:,}", f"{week.draft:,}"]
