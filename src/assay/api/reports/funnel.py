"""The funnel: how many came past each step, what share went on, where it leaks, and how long leads stay."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from assay.actions.policies import rule
from assay.api.caller import Asking
from assay.api.reports.periods import Days, period
from assay.api.room import Room
from assay.api.shapes import Shape
from assay.domain.funnel import funnel
from assay.domain.tokens import Scope
from assay.records.funnel import Counts, counts
from assay.records.slices import Dimension
from assay.records.times import times

room = Room("Figures")


class Step(Shape):
    """A step: how many passed it, and the share that came from the one before; null where nobody can tell."""

    name: str
    count: int | None
    conversion: float | None
    low: float | None
    high: float | None
    few: bool


class Conversion(Shape):
    """The share of a step that went on to the next, with the range in which it lies with 80 % probability."""

    step: str
    trials: int
    successes: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool


class Segment(Shape):
    """A funnel; ``name`` is what its leads have in common, null where that is not known."""

    name: str | None
    steps: list[Step]
    conversions: list[Conversion]
    leakiest: str | None


class Stay(Shape):
    """How long leads stay in a rung, in seconds, those that still wait counted with what is known of them."""

    step: str
    median: float | None
    p90: float | None
    low: float | None
    high: float | None
    went_on: int
    waiting: int
    left: int


class Funnel(Segment):
    """The funnel of everything in the period, and of each part of it where parts are asked for."""

    view: Literal["cohort", "flow"]
    first: date | None
    last: date | None
    as_of: datetime
    times: list[Stay]
    segments: list[Segment]


class FunnelQuery(Days):
    """By cohort: leads captured in the period, followed to today. By flow: every move made in it."""

    view: Literal["cohort", "flow"] = "cohort"
    by: Annotated[Dimension | None, Field(description="One funnel for each of these as well.")] = None


@room.get("/funnel", Scope.REPORTS_READ, Funnel)
def get_funnel(request: Asking, asked: Query[FunnelQuery]) -> Funnel:
    """Read the funnel.

    Shares come with the range in which they lie with 80 % probability; under 30 trials they are marked few.
    """
    at = request.auth.at
    accept_is_sql = rule(at).policy.gate.accept_is_sql
    wanted, flow = period(asked, at), asked.view == "flow"
    parts = counts(wanted, flow=flow, by=asked.by) if asked.by else {}
    whole = _segment(None, counts(wanted, flow=flow)[""], accept_is_sql)
    return Funnel(
        **dict(whole),
        view=asked.view,
        first=asked.first,
        last=asked.last,
        as_of=at,
        times=[Stay(**asdict(stay)) for stay in times(wanted, accept_is_sql=accept_is_sql, flow=flow)],
        segments=[_segment(name or None, found, accept_is_sql) for name, found in sorted(parts.items())],
    )


def _segment(name: str | None, found: Counts, accept_is_sql: bool) -> Segment:
    known = {step: count for step, count in found.items() if count is not None}
    counted = funnel(known, accept_is_sql=accept_is_sql)
    into = {conversion.into: conversion for conversion in counted.conversions}
    return Segment(
        name=name,
        steps=[
            Step(
                name=step,
                count=found[step],
                conversion=into[step].rate if step in into else None,
                low=into[step].low if step in into else None,
                high=into[step].high if step in into else None,
                few=into[step].few if step in into else False,
            )
            for step in counted.steps
        ],
        conversions=[Conversion(**asdict(conversion)) for conversion in counted.conversions],
        leakiest=counted.leakiest,
    )
