"""The funnel counted from the ledger in a lake, on small histories made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pytest

from assay.domain.errors import BadInput
from assay.engine.duck import duck
from assay.engine.funnel import Cut, counts
from assay.engine.lake.store import Store
from assay.engine.lake.writing import Writer

START = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
LEADS = pa.schema([("lead", pa.int64()), ("captured_at", pa.timestamp("us", tz="UTC"))])
DECISIONS = pa.schema(
    [("id", pa.int64()), ("lead", pa.int64()), ("pass_no", pa.int64()), ("to_rung", pa.string()), ("at", pa.string())]
)


class Until(NamedTuple):
    """A period."""

    now: datetime
    start: datetime | None = None
    end: datetime | None = None


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def a_lake(place: Path, leads: Sequence[tuple[int, int]], moves: Sequence[tuple[int, int, str, int]]) -> Store:
    """A lake of leads (number, day of capture) and moves (lead, pass, rung, day), in the order they were made."""
    store = Store(place)
    writer = Writer(store)
    rows = [(number, *move[:3], day(move[3]).isoformat()) for number, move in enumerate(moves, 1)]
    ledger = _batch(DECISIONS, rows)
    reader = pa.RecordBatchReader.from_batches(DECISIONS, [ledger])
    writer.sync("decisions", len(rows), lambda _first, _last: reader, lambda _last: {})
    writer.replace("leads", LEADS, [_batch(LEADS, [(lead, day(captured)) for lead, captured in leads])])
    return store


def _batch(schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)


def counted(store: Store, period: Until, *, flow: bool = False, cut: Cut | None = None) -> dict[str, list[int]]:
    """Leads, MQL, SAL, SQL, opportunities, won."""
    with duck("UTC") as backend:
        found = counts(backend, store, store.manifest(), period, flow=flow, cut=cut)
    assert all(list(steps) == ["lead", "mql", "sal", "sql", "opportunity", "won"] for steps in found.values())
    return {name: list(steps.values()) for name, steps in found.items()}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Four leads: one won at its second try, one disqualified at once, one that skipped rungs, one without a move."""
    first = [(1, 1, rung, number) for number, rung in enumerate(("lead", "mql", "sal", "sql", "opportunity", "lost"))]
    second = [(1, 2, "lead", 10), (1, 2, "pql", 40), (1, 2, "opportunity", 41), (1, 2, "won", 42)]
    others = [(2, 1, "lead", 3), (2, 1, "disqualified", 3), (3, 1, "sql", 35), (3, 1, "disqualified", 36)]
    return a_lake(tmp_path / "lake", [(1, 0), (2, 1), (3, 33), (4, 34)], [*first, *second, *others])


def test_a_lead_counts_once_by_cohort_and_once_a_pass_by_flow(store: Store) -> None:
    assert counted(store, Until(day(50))) == {"": [4, 2, 2, 2, 1, 1]}
    assert counted(store, Until(day(50)), flow=True) == {"": [5, 3, 3, 3, 2, 1]}


def test_leads_are_followed_up_to_now(store: Store) -> None:
    assert counted(store, Until(day(3))) == {"": [2, 1, 1, 1, 0, 0]}
    assert counted(store, Until(day(34))) == {"": [4, 1, 1, 1, 1, 0]}


def test_a_period_holds_captures_by_cohort_and_moves_by_flow(store: Store) -> None:
    assert counted(store, Until(day(50), start=day(0), end=day(1))) == {"": [1, 1, 1, 1, 1, 1]}
    assert counted(store, Until(day(50), start=day(10), end=day(42)), flow=True) == {"": [3, 2, 2, 2, 1, 0]}
    assert counted(store, Until(day(50), start=day(42)), flow=True) == {"": [0, 0, 0, 0, 0, 1]}


def test_a_history_is_cut_into_parts_by_capture(store: Store) -> None:
    def halves(first: datetime, last: datetime) -> list[tuple[str, datetime, datetime]]:
        assert first == day(0)
        ends = [("early", first, day(1)), ("between", day(1), day(2)), ("none", day(2), day(33))]
        return [*ends, ("late", day(33), last + timedelta(days=1))] if last == day(34) else ends[:2]

    assert counted(store, Until(day(50)), cut=halves) == {
        "early": [1, 1, 1, 1, 1, 1],
        "between": [1, 0, 0, 0, 0, 0],
        "none": [0, 0, 0, 0, 0, 0],
        "late": [2, 1, 1, 1, 0, 0],
    }
    assert counted(store, Until(day(50), end=day(33)), cut=halves) == {
        "early": [1, 1, 1, 1, 1, 1],
        "between": [1, 0, 0, 0, 0, 0],
    }
    assert counted(store, Until(day(50), end=day(0)), cut=halves) == {}
    assert counted(store, Until(day(50), end=day(0))) == {"": [0, 0, 0, 0, 0, 0]}


def test_of_times_out_of_order_the_first_move_made_counts(tmp_path: Path) -> None:
    store = a_lake(tmp_path, [(1, 0)], [(1, 1, "mql", 9), (1, 1, "lead", 10), (1, 1, "mql", 5)])
    assert counted(store, Until(day(8))) == {"": [1, 0, 0, 0, 0, 0]}
    assert counted(store, Until(day(9))) == {"": [1, 1, 0, 0, 0, 0]}


def test_a_lake_without_decisions_says_what_to_do(tmp_path: Path) -> None:
    for store in (Store(tmp_path / "new"), a_lake(tmp_path / "lake", [(1, 0)], [])):
        with pytest.raises(BadInput, match="assay lake sync"):
            counted(store, Until(day(1)))
