"""The counts of the funnel from the ledger in the lake, however long the history: those that passes have on record."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from sqlglot import exp

from assay.domain.errors import BadInput
from assay.domain.funnel import REACHED, STEPS
from assay.engine.backend import Backend, Native
from assay.engine.days import micros
from assay.engine.lake.manifest import Manifest
from assay.engine.lake.reading import small, table
from assay.engine.lake.store import Store
from assay.engine.statements import query, term

ENDS = "SELECT MIN(l.captured_at) AS first, MAX(l.captured_at) AS last FROM leads AS l WHERE :among"
TRIPS = """
    SELECT l.captured_at FROM leads AS l LEFT JOIN decisions AS d ON l.lead = d.lead
    GROUP BY l.lead, l.captured_at
"""
FIRST = "ARG_MIN(d.at, d.id) FILTER (WHERE :reached)"
BEGAN = "CASE WHEN COALESCE(d.pass_no, 1) = 1 THEN :captured ELSE :first END"
COUNT = "COUNT(*) FILTER (WHERE :taken)"

Cut = Callable[[datetime, datetime], Iterable[tuple[str, datetime, datetime]]]
"""What divides the time from the first capture to the last: names with start and end (excluded), without a gap."""


class Period(Protocol):
    """From ``start`` (included) to ``end`` (excluded); ``now`` is how far leads are followed. None is no limit."""

    @property
    def now(self) -> datetime: ...
    @property
    def start(self) -> datetime | None: ...
    @property
    def end(self) -> datetime | None: ...


def counts(
    backend: Backend, store: Store, manifest: Manifest, period: Period, *, flow: bool = False, cut: Cut | None = None
) -> dict[str, dict[str, int]]:
    """How many came past each step but the visitors' by the part of ``cut`` they were captured in; else all under "".

    By cohort a lead counts once, with the first of its passes that took the step; by flow every pass counts.
    Raises BadInput for a lake without decisions.
    """
    tables = {"leads": small(backend, store, manifest, "leads"), "decisions": _decisions(backend, store, manifest)}
    captured = backend.micros(exp.column("captured_at", "l"))
    among = exp.true() if flow else _holds(captured, period)
    parts = _parts(backend, tables["leads"], among, cut) if cut else [("", period.now)]
    found = {name: dict.fromkeys(STEPS[1:], 0) for name, _ in parts}
    if found:
        counting = _counting(period, flow, parts)
        rows = backend.run(counting.with_("trips", _trips(captured, flow).where(among)), **tables)
        for row in backend.fetch(rows).to_pylist():
            found[row.pop("segment")] = row
    return found


def _decisions(backend: Backend, store: Store, manifest: Manifest) -> Native:
    files = manifest.log("decisions").files
    if not files:
        raise BadInput("empty_lake", f"The lake {store.root} holds no decisions.", "Fill it with: assay lake sync")
    return table(backend, store, files)


def _parts(backend: Backend, leads: Native, among: exp.Expr, cut: Cut) -> list[tuple[str, datetime]]:
    """The parts by name, with their ends; none where no leads are counted."""
    [ends] = backend.fetch(backend.run(query(ENDS, among=among), leads=leads)).to_pylist()
    return [(name, end) for name, _, end in cut(ends["first"], ends["last"])] if ends["first"] else []


def _trips(captured: exp.Expr, flow: bool) -> exp.Select:
    """When each step was first passed, a row for each lead or, by flow, for each pass."""
    firsts = {step: term(FIRST, reached=_reached(step)) for step in STEPS[1:]}
    firsts["lead"] = term(BEGAN, captured=captured, first=firsts["lead"]) if flow else captured
    columns = {"captured": captured, **firsts}
    trips = query(TRIPS).select(*(exp.alias_(value, name) for name, value in columns.items()))
    return trips.group_by("d.pass_no") if flow else trips


def _reached(step: str) -> exp.Expr:
    """Whether a decision led to where the step is passed."""
    return exp.column("to_rung", "d").isin(*(rung.value for rung, steps in REACHED.items() if step in steps))


def _counting(period: Period, flow: bool, parts: Sequence[tuple[str, datetime]]) -> exp.Select:
    """How many trips took each step, for each part they were captured in."""
    captured = exp.column("captured", "t")
    columns = {"segment": _segment(captured, parts)}
    for step in STEPS[1:]:
        at = exp.column(step, "t")
        columns[step] = term(COUNT, taken=_holds(at, period) if flow else at <= micros(period.now))
    rows = exp.select(*(exp.alias_(value, name) for name, value in columns.items()))
    return rows.from_(exp.to_table("trips").as_("t")).group_by("1")


def _segment(captured: exp.Expr, parts: Sequence[tuple[str, datetime]]) -> exp.Expr:
    """The name of the part that a lead was captured in; the last one takes the rest."""
    *before, (last, _) = parts
    name = exp.Case()
    for earlier, end in before:
        name = name.when(captured < micros(end), exp.convert(earlier))
    return name.else_(exp.convert(last)) if before else exp.convert(last)


def _holds(at: exp.Expr, period: Period) -> exp.Expr:
    """Whether a time in microseconds lies in the period."""
    until = at <= micros(period.now)
    since = at >= micros(period.start) if period.start else exp.true()
    before = at < micros(period.end) if period.end else exp.true()
    return exp.and_(until, since, before)
