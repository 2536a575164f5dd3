"""Leads and signals of the tests as tables, and scores read back from one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from assay.domain.facts import Facts, Value, is_known
from assay.domain.fit import as_text
from assay.domain.intent import Signal
from assay.domain.policy import Policy
from assay.domain.score import Score, Scorer

SAME = ("insufficient_data", "pattern", "temperature", "milestone", "fits", "mql", "grid")
CLOSE = ("fit", "coverage", "intent", "total")
LIMITS = ("limit", "lone_cap", "knockout")


def leads_table(leads: Sequence[Facts]) -> pa.Table:
    """A row a lead; a fact that is a number for all of them is a column of numbers, any other one of text."""
    fields = sorted({field for facts in leads for field in facts})
    columns = {field: _column([facts.get(field) for facts in leads]) for field in fields}
    return pa.table({"lead_id": [str(number) for number in range(len(leads))], **columns})


def _column(values: Sequence[Value]) -> pa.Array:
    known = [value if is_known(value) else None for value in values]
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in known):
        return pa.array([None if value is None else _float(value) for value in known], pa.float64())
    return pa.array(
        [value if value is None or isinstance(value, str) else as_text(value) for value in known], pa.string()
    )


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")  # beyond a float, as unreadable as infinity


def signals_table(by_lead: Sequence[Iterable[Signal]]) -> pa.Table:
    """Every lead's signals, their identities apart from one another's."""
    rows = [(str(number), signal) for number, signals in enumerate(by_lead) for signal in signals]
    return pa.table(
        {
            "lead_id": pa.array([lead for lead, _ in rows], pa.string()),
            "message_id": pa.array([f"{lead}/{signal.message_id}" for lead, signal in rows], pa.string()),
            "kind": pa.array([signal.kind for _, signal in rows], pa.string()),
            "at": pa.array([signal.at for _, signal in rows], pa.timestamp("us", tz="UTC")),
            "bot": pa.array([signal.bot for _, signal in rows], pa.bool_()),
        }
    )


def by_the_domain(
    policy: Policy, leads: Sequence[Facts], signals: Sequence[Sequence[Signal]], now: datetime
) -> list[Score]:
    """What the rule says, lead by lead."""
    scorer = Scorer(policy)
    return [
        scorer.score(facts, scorer.intent.fold(drawn, now), now) for facts, drawn in zip(leads, signals, strict=True)
    ]


def rows_of(scores: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table of scores, in the order of :func:`leads_table`."""
    return sorted(scores.to_pylist(), key=lambda row: int(row["lead_id"]))


def differences(row: Mapping[str, Any], score: Score) -> list[str]:
    """What a row has otherwise than the rule's own score; numbers count to 1e-9."""
    wanted = {name: getattr(score, name) for name in SAME} | {"rung": score.rung, "missing": ", ".join(score.missing)}
    wrong = [f"{name}: {row[name]}, not {value}" for name, value in wanted.items() if row[name] != value]
    numbers = {name: getattr(score, name) for name in CLOSE} | _parts(score)
    got = {name: row[name] for name in CLOSE} | {
        name: points
        for name, points in row.items()
        if name.startswith(("fit:", "fit ", "intent:", "intent ")) and points
    }
    wrong += [
        f"{name}: {got.get(name)}, not {numbers.get(name)}"
        for name in numbers.keys() | got.keys()
        if abs((got.get(name) or 0.0) - numbers.get(name, 0.0)) > 1e-9
    ]
    unknown = {f"fit: {part.name}" for part in score.parts if part.verdict == "unknown"}
    return wrong + [f"{name}: {row[name]}, not unknown" for name in unknown if row[name] is not None]


def _parts(score: Score) -> dict[str, float]:
    return {
        f"{part.axis} {part.name}" if part.verdict == "limit" else f"{part.axis}: {part.name}": part.points
        for part in score.parts
    }
