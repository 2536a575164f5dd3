"""The pictures that pages show. What a picture shows stands in its address, so that drawing it asks no database."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from assay import pictures
from assay.desk.telling import told
from assay.domain.backtest import Caught, Week
from assay.domain.funnel import STEPS
from assay.domain.funnel import funnel as funnel_of
from assay.domain.survival import Time
from assay.domain.what_if import Estimate
from assay.pictures import Cohort, Group, Picture, Source

Counted = Sequence[int]
"""Counts in the order of the steps."""


class OneFunnel(NamedTuple):
    """What the picture of a funnel shows."""

    counts: Counted
    accept_is_sql: bool
    visitors: bool = True


class Cohorts(NamedTuple):
    """What the picture of cohorts shows: by name, oldest first."""

    counts: Mapping[str, Counted]
    accept_is_sql: bool


class Outcomes(NamedTuple):
    """What the picture of what-if shows; ``unit`` is what is counted, in the reader's language."""

    outcomes: Sequence[tuple[str, Estimate]]
    unit: str = ""


class Times(NamedTuple):
    """What the picture of times in rung shows."""

    times: Sequence[Time]


class Sources(NamedTuple):
    """What the picture of sources shows; ``share`` is what is shared, in the reader's language."""

    sources: Sequence[Source]
    share: str = ""


class Weeks(NamedTuple):
    """What the picture of a backtest's weeks shows."""

    weeks: Sequence[Week]


class Shares(NamedTuple):
    """What the picture of a backtest's shares shows, by their names in the reader's language."""

    shares: Sequence[tuple[str, Caught]]


class Calibration(NamedTuple):
    """What the picture of predicted chances shows."""

    groups: Sequence[Group]


class Kind(NamedTuple):
    """What a kind of picture takes, and how it is made of that."""

    takes: type
    make: Callable[[Any], Picture]


def _funnel(said: OneFunnel) -> Picture:
    found = funnel_of(_steps(said.counts), accept_is_sql=said.accept_is_sql)
    return pictures.funnel(found, visitors=said.visitors, tell=told)


def _cohorts(said: Cohorts) -> Picture:
    found = [
        Cohort(name, funnel_of(_steps(counts), accept_is_sql=said.accept_is_sql))
        for name, counts in said.counts.items()
    ]
    return pictures.cohorts(found, tell=told)


def _outcomes(said: Outcomes) -> Picture:
    return pictures.what_if(said.outcomes, unit=said.unit, tell=told)


def _times(said: Times) -> Picture:
    return pictures.times(said.times, tell=told)


def _sources(said: Sources) -> Picture:
    return pictures.sources(said.sources, share=said.share, tell=told)


def _weeks(said: Weeks) -> Picture:
    return pictures.weeks(said.weeks, tell=told)


def _shares(said: Shares) -> Picture:
    return pictures.caught(said.shares, tell=told)


def _calibration(said: Calibration) -> Picture:
    return pictures.calibration(said.groups, tell=told)


def _steps(counts: Counted) -> dict[str, int]:
    return dict(zip(STEPS, counts, strict=True))


KINDS: Mapping[str, Kind] = {
    "funnel": Kind(OneFunnel, _funnel),
    "cohorts": Kind(Cohorts, _cohorts),
    "outcomes": Kind(Outcomes, _outcomes),
    "times": Kind(Times, _times),
    "sources": Kind(Sources, _sources),
    "weeks": Kind(Weeks, _weeks),
    "shares": Kind(Shares, _shares),
    "calibration": Kind(Calibration, _calibration),
}


def picture_of(said: tuple[object, ...]) -> Picture:
    """The picture of one of these, in the present language."""
    return KINDS[kind_of(said)].make(said)


def kind_of(said: tuple[object, ...]) -> str:
    """The name of its kind."""
    return next(name for name, kind in KINDS.items() if isinstance(said, kind.takes))


def read(kind: str, plain: object) -> Picture:
    """The picture of what an address says."""
    return KINDS[kind].make(msgspec.convert(plain, KINDS[kind].takes))
